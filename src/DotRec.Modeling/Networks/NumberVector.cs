using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>DLRM's lower layers: numbers become a vector as wide as the embeddings, a rectifier after every layer. The width is known with the first batch.</summary>
internal sealed class NumberVector : TensorLayer
{
    private readonly Mlp? _hidden;
    private readonly double _l2;
    private Parameter? _kernel;
    private Parameter? _bias;
    private int _width;

    public NumberVector(IReadOnlyList<int> hidden, double l2)
    {
        _hidden = hidden.Count > 0 ? Use(new Mlp(hidden, finalActivation: ActivationFunction.Relu, kernelL2: l2)) : null;
        _l2 = l2;
    }

    /// <summary>The vectors; those of the last hidden layer when there are no embeddings to be as wide as.</summary>
    public Tensor Of(Tensor numbers, int? width, ForwardContext context)
    {
        var hidden = _hidden is null ? numbers : _hidden.Call(numbers, context);
        if (width is null)
        {
            return hidden;
        }

        _width = width.Value;
        return Call(hidden, context);
    }

    protected override void Build(int inputWidth)
    {
        _kernel = AddParameter("kernel", Initializer.GlorotUniform, inputWidth, _width);
        _bias = AddParameter("bias", Initializer.Zeros, _width);
    }

    protected override Tensor Forward(Tensor input, ForwardContext context)
    {
        context.AddL2(_kernel!, _l2);
        return (input.MatMul(_kernel!) + _bias!).Relu();
    }
}

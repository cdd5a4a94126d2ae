using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// A layer over numbers. A layer of your own overrides <see cref="Forward"/> with an expression over tensors, and <see cref="Build"/> when it has
/// parameters; gradient and ONNX form come with the tensor operations.
/// </summary>
/// <example>
/// <code>
/// sealed class Scale : TensorLayer
/// {
///     private Parameter? _factor;
///
///     protected override void Build(int inputWidth) => _factor = AddParameter("factor", Initializer.Ones, inputWidth);
///
///     protected override Tensor Forward(Tensor input, ForwardContext context) => input * _factor!;
/// }
/// </code>
/// </example>
public abstract class TensorLayer : Layer
{
    /// <summary>Applies the layer to numbers of shape [B, …, width].</summary>
    /// <exception cref="InvalidOperationException">The layer was built for another width.</exception>
    public Tensor Call(Tensor input, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        BuildOnce(input.Shape[^1], "inputs of width");
        var output = Forward(input, context);
        context.Export?.Emit(this, output);
        return output;
    }

    internal override Signal Apply(Signal input, ForwardContext context) => input.Numbers is { } numbers
        ? Signal.Of(Call(numbers, context))
        : throw new InvalidOperationException($"Layer {this} takes numbers but is given {input.Describe()}. {input.Remedy()}");

    private protected sealed override void BuildFor(int inputSize) => Build(inputSize);

    /// <summary>Makes the layer's parameters with <see cref="Layer.AddParameter"/>. Called once, before the first <see cref="Forward"/>.</summary>
    /// <param name="inputWidth">Size of the input's last axis.</param>
    protected virtual void Build(int inputWidth)
    {
    }

    /// <summary>The layer's value, as an expression over tensors.</summary>
    /// <param name="input">Shape [B, …, width]. B may be anything, 0 included.</param>
    /// <param name="context">Whether this is a training step.</param>
    protected abstract Tensor Forward(Tensor input, ForwardContext context);
}

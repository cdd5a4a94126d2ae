using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Applies an element-wise function.</summary>
public sealed class Activation(ActivationFunction function) : TensorLayer
{
    /// <summary>The function.</summary>
    public ActivationFunction Function { get; } = function;

    /// <inheritdoc/>
    public override string Name => Function.ToString();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context) => Function.Apply(input);
}

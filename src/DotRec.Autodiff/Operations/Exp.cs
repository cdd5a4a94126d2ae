using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Exponential.</content>
public sealed partial class Tensor
{
    /// <summary>eˣ of every value; ∞ above about 88.7.</summary>
    public Tensor Exp() => new Exp(this).Run();
}

/// <summary>y = exp(x).</summary>
internal sealed class Exp(Tensor input) : UnaryOperation(input)
{
    protected override void Value(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Exp(x, y);

    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx) =>
        TensorPrimitives.Multiply(dy, y, dx);
}

using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Square root.</content>
public sealed partial class Tensor
{
    /// <summary>√x of every value; NaN below 0. The gradient at 0 is infinite.</summary>
    public Tensor Sqrt() => new Sqrt(this).Run();
}

/// <summary>y = √x.</summary>
internal sealed class Sqrt(Tensor input) : UnaryOperation(input)
{
    protected override void Value(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Sqrt(x, y);

    // dx = dy / 2y
    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        TensorPrimitives.Divide(dy, y, dx);
        TensorPrimitives.Multiply(dx, 0.5f, dx);
    }
}

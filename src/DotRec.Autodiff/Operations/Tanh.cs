using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Hyperbolic tangent.</content>
public sealed partial class Tensor
{
    /// <summary>tanh x of every value.</summary>
    public Tensor Tanh() => new Tanh(this).Run();
}

/// <summary>y = tanh x.</summary>
internal sealed class Tanh(Tensor input) : UnaryOperation(input)
{
    protected override void Value(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Tanh(x, y);

    // dx = dy · (1 − y²)
    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        TensorPrimitives.Multiply(y, y, dx);
        TensorPrimitives.Subtract(1f, dx, dx);
        TensorPrimitives.Multiply(dx, dy, dx);
    }
}

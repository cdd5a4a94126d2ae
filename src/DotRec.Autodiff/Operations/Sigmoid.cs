using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Logistic function.</content>
public sealed partial class Tensor
{
    /// <summary>1 / (1 + e⁻ˣ) of every value, computed without overflow.</summary>
    public Tensor Sigmoid() => new Sigmoid(this).Run();
}

/// <summary>y = 1 / (1 + exp(−x)).</summary>
internal sealed class Sigmoid(Tensor input) : UnaryOperation(input)
{
    protected override void Value(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Sigmoid(x, y);

    // dx = dy · y · (1 − y)
    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        TensorPrimitives.Subtract(1f, y, dx);
        TensorPrimitives.Multiply(dx, y, dx);
        TensorPrimitives.Multiply(dx, dy, dx);
    }
}

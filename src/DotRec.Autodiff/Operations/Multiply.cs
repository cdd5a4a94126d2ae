using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Multiplication.</content>
public sealed partial class Tensor
{
    /// <summary>Element-wise product, with broadcasting. For the matrix product see <see cref="MatMul"/>.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator *(Tensor left, Tensor right) => new Multiply(left, right).Run();

    /// <summary>Multiplies every value by a number.</summary>
    public static Tensor operator *(Tensor left, float right) => left * Constant(right);

    /// <summary>Multiplies every value by a number.</summary>
    public static Tensor operator *(float left, Tensor right) => Constant(left) * right;
}

/// <summary>z = x · y.</summary>
internal sealed class Multiply(Tensor left, Tensor right) : BinaryOperation(left, right)
{
    protected override string OnnxType => "Mul";

    protected override void Value(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => TensorPrimitives.Multiply(x, y, z);

    protected override void LeftGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dx) =>
        TensorPrimitives.Multiply(dz, y, dx);

    protected override void RightGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dy) =>
        TensorPrimitives.Multiply(dz, x, dy);
}

using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Division.</content>
public sealed partial class Tensor
{
    /// <summary>Element-wise quotient, with broadcasting. Division by zero gives ±∞ or NaN.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator /(Tensor left, Tensor right) => new Divide(left, right).Run();

    /// <summary>Divides every value by a number.</summary>
    public static Tensor operator /(Tensor left, float right) => left / Constant(right);

    /// <summary>A number divided by every value.</summary>
    public static Tensor operator /(float left, Tensor right) => Constant(left) / right;
}

/// <summary>z = x / y.</summary>
internal sealed class Divide(Tensor left, Tensor right) : BinaryOperation(left, right)
{
    protected override string OnnxType => "Div";

    protected override void Value(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => TensorPrimitives.Divide(x, y, z);

    protected override void LeftGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dx) =>
        TensorPrimitives.Divide(dz, y, dx);

    // ∂(x / y) / ∂y = −x / y²
    protected override void RightGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dy)
    {
        TensorPrimitives.Divide(x, y, dy);
        TensorPrimitives.Divide(dy, y, dy);
        TensorPrimitives.Multiply(dy, dz, dy);
        TensorPrimitives.Negate(dy, dy);
    }
}

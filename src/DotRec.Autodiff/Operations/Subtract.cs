using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Subtraction and negation.</content>
public sealed partial class Tensor
{
    /// <summary>Element-wise difference, with broadcasting.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator -(Tensor left, Tensor right) => new Subtract(left, right).Run();

    /// <summary>Takes a number from every value.</summary>
    public static Tensor operator -(Tensor left, float right) => left - Constant(right);

    /// <summary>A number minus every value.</summary>
    public static Tensor operator -(float left, Tensor right) => Constant(left) - right;

    /// <summary>Every value with the other sign.</summary>
    public static Tensor operator -(Tensor value) => new Negate(value).Run();
}

/// <summary>z = x − y.</summary>
internal sealed class Subtract(Tensor left, Tensor right) : BinaryOperation(left, right)
{
    protected override string OnnxType => "Sub";

    protected override void Value(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => TensorPrimitives.Subtract(x, y, z);

    protected override bool PassesOn(bool isLeft) => isLeft;

    protected override void LeftGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dx) => dz.CopyTo(dx);

    protected override void RightGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dy) =>
        TensorPrimitives.Negate(dz, dy);
}

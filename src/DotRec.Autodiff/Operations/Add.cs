using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Addition.</content>
public sealed partial class Tensor
{
    /// <summary>Element-wise sum, with broadcasting.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator +(Tensor left, Tensor right) => new Add(left, right).Run();

    /// <summary>Adds a number to every value.</summary>
    public static Tensor operator +(Tensor left, float right) => left + Constant(right);

    /// <summary>Adds a number to every value.</summary>
    public static Tensor operator +(float left, Tensor right) => Constant(left) + right;
}

/// <summary>z = x + y.</summary>
internal sealed class Add(Tensor left, Tensor right) : BinaryOperation(left, right)
{
    protected override string OnnxType => "Add";

    protected override void Value(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => TensorPrimitives.Add(x, y, z);

    protected override bool PassesOn(bool isLeft) => true;

    // Never asked for: both gradients are dz itself.
    protected override void LeftGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dx) => dz.CopyTo(dx);

    protected override void RightGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dy) => dz.CopyTo(dy);
}

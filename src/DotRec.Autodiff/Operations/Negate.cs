using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <summary>y = −x.</summary>
internal sealed class Negate(Tensor input) : UnaryOperation(input)
{
    protected override string OnnxType => "Neg";

    protected override void Value(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Negate(x, y);

    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx) =>
        TensorPrimitives.Negate(dy, dx);
}

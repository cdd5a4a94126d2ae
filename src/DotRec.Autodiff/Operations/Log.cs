using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Natural logarithm.</content>
public sealed partial class Tensor
{
    /// <summary>ln x of every value; −∞ at 0, NaN below.</summary>
    public Tensor Log() => new Log(this).Run();
}

/// <summary>y = ln x.</summary>
internal sealed class Log(Tensor input) : UnaryOperation(input)
{
    protected override void Value(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Log(x, y);

    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx) =>
        TensorPrimitives.Divide(dy, x, dx);
}

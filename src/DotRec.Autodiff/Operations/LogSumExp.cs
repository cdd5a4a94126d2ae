using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Log of a sum of exponentials.</content>
public sealed partial class Tensor
{
    /// <summary>log Σ exp(x) of all values, a scalar; computed without overflow. −∞ for no values.</summary>
    public Tensor LogSumExp() => new LogSumExp(this, axis: null, keepDimension: false).Run();

    /// <summary>log Σ exp(x) along one axis, computed without overflow. −∞ where all values are −∞.</summary>
    /// <param name="axis">The axis; −1 is the last.</param>
    /// <param name="keepDimension">True keeps the axis with size 1, so that the result broadcasts against this tensor.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor LogSumExp(int axis, bool keepDimension = false) => new LogSumExp(this, axis, keepDimension).Run();
}

/// <summary>y = m + log Σ exp(x − m), m = max x.</summary>
internal sealed class LogSumExp(Tensor input, int? axis, bool keepDimension) : LaneOperation(input, axis, folds: true, keepDimension)
{
    private const int Chunk = 512;

    public override TracedValue Emit(OnnxTrace trace) => EmitReduction(trace, "ReduceLogSumExp");

    protected override void Value(ReadOnlySpan<float> x, Span<float> y)
    {
        var maximum = x.IsEmpty ? float.NegativeInfinity : TensorPrimitives.Max(x);
        if (float.IsInfinity(maximum))
        {
            y[0] = maximum;
            return;
        }

        Span<float> shifted = stackalloc float[Chunk];
        double sum = 0;
        for (var start = 0; start < x.Length; start += Chunk)
        {
            var part = x[start..Math.Min(start + Chunk, x.Length)];
            var exponentials = shifted[..part.Length];
            TensorPrimitives.Subtract(part, maximum, exponentials);
            TensorPrimitives.Exp(exponentials, exponentials);
            sum += TensorPrimitives.Sum<float>(exponentials);
        }

        y[0] = (float)(maximum + Math.Log(sum));
    }

    // ∂y/∂x = exp(x − y), the softmax.
    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        if (float.IsNegativeInfinity(y[0]))
        {
            dx.Clear();
            return;
        }

        TensorPrimitives.Subtract(x, y[0], dx);
        TensorPrimitives.Exp(dx, dx);
        TensorPrimitives.Multiply(dx, dy[0], dx);
    }
}

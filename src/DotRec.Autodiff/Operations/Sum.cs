using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Sums.</content>
public sealed partial class Tensor
{
    /// <summary>Sum of all values, a scalar.</summary>
    public Tensor Sum() => new Sum(this, axis: null, keepDimension: false).Run();

    /// <summary>Sum along one axis.</summary>
    /// <param name="axis">The axis; −1 is the last.</param>
    /// <param name="keepDimension">True keeps the axis with size 1, so that the result broadcasts against this tensor.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Sum(int axis, bool keepDimension = false) => new Sum(this, axis, keepDimension).Run();
}

/// <summary>y = Σ x along an axis, times a factor (1 for a sum, 1/n for a mean).</summary>
internal class Sum(Tensor input, int? axis, bool keepDimension) : Reduction(input, axis, keepDimension)
{
    /// <summary>Values added in single precision before going into a double: bounds the rounding error of long sums.</summary>
    private const int Chunk = 4096;

    protected virtual float Factor => 1;

    protected override void Compute(Span<float> output)
    {
        var x = Of.Values;
        for (var outer = 0; outer < Outer; outer++)
        {
            var block = x.Slice(outer * Count * Inner, Count * Inner);
            if (Inner == 1)
            {
                output[outer] = (float)(Total(block) * Factor);
                continue;
            }

            var sums = output.Slice(outer * Inner, Inner);
            sums.Clear();
            for (var i = 0; i < Count; i++)
            {
                TensorPrimitives.Add(sums, block.Slice(i * Inner, Inner), sums);
            }

            if (Factor != 1)
            {
                TensorPrimitives.Multiply(sums, Factor, sums);
            }
        }
    }

    protected override void Propagate()
    {
        var dy = OutputGradient;
        var dx = Of.GradientTarget(out var accumulate);
        if (!accumulate)
        {
            dx.Clear();
        }

        for (var outer = 0; outer < Outer; outer++)
        {
            var block = dx.Slice(outer * Count * Inner, Count * Inner);
            if (Inner == 1)
            {
                TensorPrimitives.Add(block, dy[outer] * Factor, block);
                continue;
            }

            for (var i = 0; i < Count; i++)
            {
                var row = block.Slice(i * Inner, Inner);
                TensorPrimitives.MultiplyAdd(dy.Slice(outer * Inner, Inner), Factor, row, row);
            }
        }
    }

    private static double Total(ReadOnlySpan<float> values)
    {
        double total = 0;
        for (var start = 0; start < values.Length; start += Chunk)
        {
            total += TensorPrimitives.Sum(values[start..Math.Min(start + Chunk, values.Length)]);
        }

        return total;
    }
}

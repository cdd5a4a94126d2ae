using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <summary>Σ x along one axis or over all values, times a factor: the common part of sum and mean. The input is seen as [outer, count, inner].</summary>
internal abstract class Addition : Operation
{
    /// <summary>Values added in single precision before going into a double: bounds the rounding error of long sums.</summary>
    private const int Chunk = 4096;

    private readonly Tensor _input;
    private readonly int? _axis;
    private readonly bool _keepsDimension;
    private readonly int _outer;
    private readonly int _inner;

    protected Addition(Tensor input, int? axis, bool keepDimension)
    {
        _input = input;
        _keepsDimension = keepDimension;
        if (axis is not { } chosen)
        {
            (_outer, Count, _inner) = (1, input.Length, 1);
            OutputLayout = new TensorShape([]);
            return;
        }

        var resolved = input.Layout.Axis(Name, chosen);
        _axis = resolved;
        (_outer, Count, _inner) = (input.Layout.Before(resolved), input.Layout[resolved], input.Layout.After(resolved));
        OutputLayout = input.Layout.Reduce(resolved, keepDimension);
    }

    public override int InputCount => 1;

    protected abstract string OnnxType { get; }

    protected abstract float Factor { get; }

    /// <summary>Number of values added.</summary>
    protected int Count { get; }

    public override Tensor Input(int index) => _input;

    public override TracedValue Emit(OnnxTrace trace)
    {
        var input = trace.Of(_input);
        string[] inputs = _axis is { } axis ? [input.Name, trace.Integers(axis)] : [input.Name];
        var batchAxis = _axis is null || input.BatchAxis == _axis ? -1
            : input.BatchAxis - (input.BatchAxis > _axis && !_keepsDimension ? 1 : 0);
        return new TracedValue(trace.Graph.Node(OnnxType, inputs, ("keepdims", _keepsDimension ? 1L : 0L)), batchAxis);
    }

    protected override void Compute(Tensor output)
    {
        var parts = Partition.Count(_input.Length, _outer);
        Parallelism.For(parts, new ValueBody(this, output, parts));
    }

    protected override void Propagate()
    {
        _input.GradientTarget(out var accumulate);
        var parts = Partition.Count(_input.Length, _outer * Count);
        Parallelism.For(parts, new GradientBody(this, accumulate, parts));
    }

    private void Compute(Span<float> output, int outer)
    {
        var block = _input.Values.Slice(outer * Count * _inner, Count * _inner);
        if (_inner == 1)
        {
            output[outer] = (float)(Total(block) * Factor);
            return;
        }

        var sums = output.Slice(outer * _inner, _inner);
        sums.Clear();
        for (var i = 0; i < Count; i++)
        {
            TensorPrimitives.Add(sums, block.Slice(i * _inner, _inner), sums);
        }

        if (Factor != 1)
        {
            TensorPrimitives.Multiply(sums, Factor, sums);
        }
    }

    /// <summary>Spreads the gradient over rows [start, end) of the input seen as [outer · count, inner].</summary>
    private void Propagate(int start, int end, bool accumulate)
    {
        var dy = OutputGradient;
        var dx = _input.GradientSpan();
        while (start < end)
        {
            // All rows of one outer block share dy.
            var outer = start / Count;
            var stop = Math.Min(end, (outer + 1) * Count);
            if (_inner == 1)
            {
                Spread(dy[outer] * Factor, dx[start..stop], accumulate);
                start = stop;
                continue;
            }

            for (; start < stop; start++)
            {
                var row = dx.Slice(start * _inner, _inner);
                var share = dy.Slice(outer * _inner, _inner);
                if (accumulate)
                {
                    TensorPrimitives.MultiplyAdd(share, Factor, row, row);
                }
                else
                {
                    TensorPrimitives.Multiply(share, Factor, row);
                }
            }
        }
    }

    private static void Spread(float share, Span<float> values, bool accumulate)
    {
        if (accumulate)
        {
            TensorPrimitives.Add(values, share, values);
        }
        else
        {
            values.Fill(share);
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

    private readonly struct ValueBody(Addition operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._outer);
            for (var outer = start; outer < end; outer++)
            {
                operation.Compute(output.Buffer.Span(output.Length), outer);
            }
        }
    }

    private readonly struct GradientBody(Addition operation, bool accumulate, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._outer * operation.Count);
            operation.Propagate(start, end, accumulate);
        }
    }
}

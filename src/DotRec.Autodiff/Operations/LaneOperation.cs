using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <summary>
/// An operation that treats each lane (the values along one axis, or all values) by itself: it keeps the lane's length or folds it into
/// one value. Lanes along the last axis are read in place; others are copied together first.
/// </summary>
internal abstract class LaneOperation : Operation
{
    private readonly int _outer;
    private readonly int _inner;

    protected LaneOperation(Tensor input, int? axis, bool folds, bool keepDimension = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        Of = input;
        Folds = folds;
        KeepsDimension = keepDimension;
        if (axis is not { } chosen)
        {
            (_outer, LaneLength, _inner) = (1, input.Length, 1);
            OutputLayout = folds ? new TensorShape([]) : input.Layout;
            return;
        }

        var resolved = input.Layout.Axis(Name, chosen);
        Axis = resolved;
        (_outer, LaneLength, _inner) = (input.Layout.Before(resolved), input.Layout[resolved], input.Layout.After(resolved));
        OutputLayout = folds ? input.Layout.Reduce(resolved, keepDimension) : input.Layout;
    }

    public override int InputCount => 1;

    protected Tensor Of { get; }

    /// <summary>The lane's axis; null for all values.</summary>
    protected int? Axis { get; }

    protected bool Folds { get; }

    protected bool KeepsDimension { get; }

    protected int LaneLength { get; }

    private int LaneCount => _outer * _inner;

    private int ResultLength => Folds ? 1 : LaneLength;

    public override Tensor Input(int index) => Of;

    /// <summary>y = f(x): as long as x, or one value when folding.</summary>
    protected abstract void Value(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>dx given dy; y = f(x) is given too.</summary>
    protected abstract void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx);

    /// <summary>The batch axis of the result.</summary>
    protected int BatchAxisAfter(TracedValue input) => !Folds || !input.HasBatch ? input.BatchAxis
        : Axis is not { } axis || input.BatchAxis == axis ? -1
        : input.BatchAxis - (input.BatchAxis > axis && !KeepsDimension ? 1 : 0);

    /// <summary>A reduction's ONNX node, whose axes are an input.</summary>
    protected TracedValue EmitReduction(OnnxTrace trace, string type)
    {
        var input = trace.Of(Of);
        string[] inputs = Axis is { } axis ? [input.Name, trace.Integers(axis)] : [input.Name];
        return new TracedValue(trace.Graph.Node(type, inputs, ("keepdims", KeepsDimension ? 1L : 0L)), BatchAxisAfter(input));
    }

    protected override void Compute(Tensor output)
    {
        var parts = Partition.Count(Of.Length, LaneCount);
        Parallelism.For(parts, new ValueBody(this, output, parts));
    }

    protected override void Propagate()
    {
        Of.GradientTarget(out var accumulate);
        var parts = Partition.Count(Of.Length, LaneCount);
        Parallelism.For(parts, new GradientBody(this, accumulate, parts));
    }

    private void Compute(Span<float> output, int start, int end)
    {
        var values = Of.Values;
        if (_inner == 1)
        {
            for (var lane = start; lane < end; lane++)
            {
                Value(values.Slice(lane * LaneLength, LaneLength), output.Slice(lane * ResultLength, ResultLength));
            }

            return;
        }

        using var scratch = new Scratchpad(LaneLength + ResultLength);
        var memory = scratch.Tensor.Buffer.Span(LaneLength + ResultLength);
        var x = memory[..LaneLength];
        var y = memory[LaneLength..];
        for (var lane = start; lane < end; lane++)
        {
            Read(values, lane, LaneLength, x);
            Value(x, y);
            Write(y, output, lane);
        }
    }

    private void Propagate(int start, int end, bool accumulate)
    {
        var values = Of.Values;
        var results = Output.Values;
        var gradients = OutputGradient;
        var target = Of.GradientSpan();
        var (n, m) = (LaneLength, ResultLength);
        using var scratch = new Scratchpad((2 * n) + (2 * m));
        var memory = scratch.Tensor.Buffer.Span((2 * n) + (2 * m));
        for (var lane = start; lane < end; lane++)
        {
            var dx = memory[..n];
            if (_inner == 1)
            {
                var place = target.Slice(lane * n, n);
                Gradient(
                    values.Slice(lane * n, n), results.Slice(lane * m, m), gradients.Slice(lane * m, m), accumulate ? dx : place);
                if (accumulate)
                {
                    TensorPrimitives.Add(place, dx, place);
                }

                continue;
            }

            var x = memory.Slice(n, n);
            var y = memory.Slice(2 * n, m);
            var dy = memory.Slice((2 * n) + m, m);
            Read(values, lane, n, x);
            Read(results, lane, m, y);
            Read(gradients, lane, m, dy);
            Gradient(x, y, dy, dx);
            Write(dx, target, lane, accumulate);
        }
    }

    private void Read(ReadOnlySpan<float> source, int lane, int length, Span<float> values)
    {
        var start = Start(lane, length);
        for (var i = 0; i < length; i++)
        {
            values[i] = source[start + (i * _inner)];
        }
    }

    private void Write(ReadOnlySpan<float> values, Span<float> target, int lane, bool accumulate = false)
    {
        var start = Start(lane, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            ref var place = ref target[start + (i * _inner)];
            place = accumulate ? place + values[i] : values[i];
        }
    }

    private int Start(int lane, int length)
    {
        var (outer, inner) = Math.DivRem(lane, _inner);
        return (outer * length * _inner) + inner;
    }

    private readonly struct ValueBody(LaneOperation operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation.LaneCount);
            operation.Compute(output.Buffer.Span(output.Length), start, end);
        }
    }

    private readonly struct GradientBody(LaneOperation operation, bool accumulate, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation.LaneCount);
            operation.Propagate(start, end, accumulate);
        }
    }
}

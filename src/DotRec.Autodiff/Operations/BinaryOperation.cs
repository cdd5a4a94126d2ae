using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <summary>
/// An operation of two tensors, value by value, with broadcasting. It works on chunks that stay in the first-level cache, on several
/// threads when large.
/// </summary>
internal abstract class BinaryOperation : Operation
{
    private const int Chunk = 2048;
    private readonly Tensor _left;
    private readonly Tensor _right;
    private readonly BroadcastPlan _plan;

    protected BinaryOperation(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        _left = left;
        _right = right;
        OutputLayout = TensorShape.Broadcast(Name, left.Layout, right.Layout);
        _plan = new BroadcastPlan(left.Layout, right.Layout, OutputLayout);
    }

    public override int InputCount => 2;

    /// <summary>The ONNX operator.</summary>
    protected abstract string OnnxType { get; }

    public override Tensor Input(int index) => index == 0 ? _left : _right;

    public override TracedValue Emit(OnnxTrace trace)
    {
        var left = trace.Of(_left);
        var right = trace.Of(_right);
        var batchAxis = BatchAxes.OfBroadcast(Name, OutputLayout.Rank, (_left.Layout, left), (_right.Layout, right));
        return new TracedValue(trace.Graph.Node(OnnxType, [left.Name, right.Name]), batchAxis);
    }

    /// <summary>z = f(x, y).</summary>
    protected abstract void Value(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z);

    /// <summary>dx = dz · ∂f/∂x.</summary>
    protected abstract void LeftGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dx);

    /// <summary>dy = dz · ∂f/∂y.</summary>
    protected abstract void RightGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dy);

    protected override void Compute(Tensor output)
    {
        var parts = Partition.Count(output.Length, _plan.UnitCount);
        Parallelism.For(parts, new ValueBody(this, output, parts));
    }

    protected override void Propagate()
    {
        // The input that may take over the gradient's memory comes last: the other one still needs what is in it.
        var leftIsLast = _left.RequiresGradient && _left.Length == OutputLayout.Volume && !_left.HasGradient && _left.Producer is not null;
        if (_right.RequiresGradient && leftIsLast)
        {
            Propagate(_right, isLeft: false, isLast: false);
        }

        if (_left.RequiresGradient)
        {
            Propagate(_left, isLeft: true, isLast: leftIsLast || !_right.RequiresGradient);
        }

        if (_right.RequiresGradient && !leftIsLast)
        {
            Propagate(_right, isLeft: false, isLast: true);
        }
    }

    /// <summary>True if the gradient of an operand that is not broadcast is the result's gradient itself.</summary>
    protected virtual bool PassesOn(bool isLeft) => false;

    /// <summary>A chunk of an operand: a slice, or its one value repeated.</summary>
    private static ReadOnlySpan<float> Operand(ReadOnlySpan<float> values, int offset, int step, int count, Span<float> fill)
    {
        if (step != 0)
        {
            return values.Slice(offset, count);
        }

        fill[..count].Fill(values[offset]);
        return fill[..count];
    }

    private void Propagate(Tensor input, bool isLeft, bool isLast)
    {
        var gradient = Output.GradientTensor;
        var isBroadcast = input.Length != OutputLayout.Volume;
        var parts = Partition.Count(OutputLayout.Volume, _plan.UnitCount);
        if (isLast && !isBroadcast && Output.TryHandGradientTo(input))
        {
            if (!PassesOn(isLeft))
            {
                Parallelism.For(parts, new GradientBody(this, gradient, isLeft, adds: false, input.GradientTensor, partLength: 0, parts));
            }

            return;
        }

        var target = input.GradientTarget(out var accumulate);
        if (isBroadcast && !accumulate)
        {
            target.Clear();
        }

        var sharesTarget = isBroadcast && (isLeft ? _plan.OuterStep.X : _plan.OuterStep.Y) == 0;
        if (!sharesTarget || parts == 1)
        {
            Parallelism.For(parts, new GradientBody(this, gradient, isLeft, accumulate || isBroadcast, input.GradientTensor, partLength: 0, parts));
            return;
        }

        // Every unit adds to the same values: each part sums into memory of its own, and the parts are added in order.
        parts = Math.Min(parts, Math.Max(1, OutputLayout.Volume / input.Length));
        using var partial = new Scratchpad(parts * input.Length);
        partial.Tensor.Buffer.Span(partial.Tensor.Length).Clear();
        Parallelism.For(parts, new GradientBody(this, gradient, isLeft, adds: true, partial.Tensor, input.Length, parts));
        for (var part = 0; part < parts; part++)
        {
            TensorPrimitives.Add(target, partial.Tensor.Values.Slice(part * input.Length, input.Length), target);
        }
    }

    [SkipLocalsInit]
    private void Compute(Span<float> output, int start, int end)
    {
        Span<float> fillX = stackalloc float[Chunk];
        Span<float> fillY = stackalloc float[Chunk];
        var x = _left.Values;
        var y = _right.Values;
        var (stepX, stepY, _) = _plan.InnerStep;
        while (start < end)
        {
            var run = _plan.RunFrom(start);
            var count = Math.Min(Math.Min(run.Length, Chunk), end - start);
            Value(Operand(x, run.X, stepX, count, fillX), Operand(y, run.Y, stepY, count, fillY), output.Slice(start, count));
            start += count;
        }
    }

    [SkipLocalsInit]
    private void Propagate(ReadOnlySpan<float> dz, Span<float> target, bool isLeft, bool adds, int start, int end)
    {
        Span<float> fillX = stackalloc float[Chunk];
        Span<float> fillY = stackalloc float[Chunk];
        Span<float> memory = stackalloc float[Chunk];
        var x = _left.Values;
        var y = _right.Values;
        var (stepX, stepY, _) = _plan.InnerStep;
        var step = isLeft ? stepX : stepY;
        var passesOn = PassesOn(isLeft);
        while (start < end)
        {
            var run = _plan.RunFrom(start);
            var count = Math.Min(Math.Min(run.Length, Chunk), end - start);
            var chunk = target.Slice(isLeft ? run.X : run.Y, step == 0 ? 1 : count);
            var given = dz.Slice(start, count);
            var share = passesOn ? given : memory[..count];
            if (!passesOn)
            {
                // The target may be the memory of dz: the share goes through the cache first.
                var xs = Operand(x, run.X, stepX, count, fillX);
                var ys = Operand(y, run.Y, stepY, count, fillY);
                if (isLeft)
                {
                    LeftGradient(xs, ys, given, memory[..count]);
                }
                else
                {
                    RightGradient(xs, ys, given, memory[..count]);
                }
            }

            if (step == 0)
            {
                chunk[0] += TensorPrimitives.Sum(share);
            }
            else if (adds)
            {
                TensorPrimitives.Add(chunk, share, chunk);
            }
            else
            {
                share.CopyTo(chunk);
            }

            start += count;
        }
    }

    private readonly struct ValueBody(BinaryOperation operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._plan.UnitCount);
            var unit = operation._plan.ValuesPerUnit;
            operation.Compute(output.Buffer.Span(output.Length), start * unit, end * unit);
        }
    }

    private readonly struct GradientBody(
        BinaryOperation operation, Tensor gradient, bool isLeft, bool adds, Tensor target, int partLength, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._plan.UnitCount);
            var unit = operation._plan.ValuesPerUnit;
            var values = target.Buffer.Span(target.Length);
            var share = partLength == 0 ? values : values.Slice(part * partLength, partLength);
            operation.Propagate(gradient.Values, share, isLeft, adds, start * unit, end * unit);
        }
    }
}

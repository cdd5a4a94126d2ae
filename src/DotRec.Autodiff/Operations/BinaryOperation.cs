using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <summary>An operation of two tensors, value by value, with broadcasting. It works on chunks that stay in the first-level cache.</summary>
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

    public override Tensor Input(int index) => index == 0 ? _left : _right;

    /// <summary>z = f(x, y).</summary>
    protected abstract void Value(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z);

    /// <summary>dx = dz · ∂f/∂x.</summary>
    protected abstract void LeftGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dx);

    /// <summary>dy = dz · ∂f/∂y.</summary>
    protected abstract void RightGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dz, Span<float> dy);

    protected override void Compute(Span<float> output)
    {
        Span<float> leftFill = stackalloc float[Chunk];
        Span<float> rightFill = stackalloc float[Chunk];
        var x = _left.Values;
        var y = _right.Values;
        for (var run = 0; run < _plan.RunCount; run++)
        {
            var (left, right) = _plan.Start(run);
            for (var start = 0; start < _plan.RunLength; start += Chunk)
            {
                var count = Math.Min(Chunk, _plan.RunLength - start);
                Value(
                    Operand(x, left, _plan.LeftStep, start, count, leftFill),
                    Operand(y, right, _plan.RightStep, start, count, rightFill),
                    output.Slice((run * _plan.RunLength) + start, count));
            }
        }
    }

    protected override void Propagate()
    {
        if (_left.RequiresGradient)
        {
            Propagate(_left, isLeft: true);
        }

        if (_right.RequiresGradient)
        {
            Propagate(_right, isLeft: false);
        }
    }

    /// <summary>A chunk of an operand: a slice, or its one value repeated.</summary>
    private static ReadOnlySpan<float> Operand(ReadOnlySpan<float> values, int offset, int step, int start, int count, Span<float> fill)
    {
        if (step != 0)
        {
            return values.Slice(offset + start, count);
        }

        fill[..count].Fill(values[offset]);
        return fill[..count];
    }

    private void Propagate(Tensor input, bool isLeft)
    {
        Span<float> leftFill = stackalloc float[Chunk];
        Span<float> rightFill = stackalloc float[Chunk];
        Span<float> share = stackalloc float[Chunk];
        var x = _left.Values;
        var y = _right.Values;
        var dz = OutputGradient;
        var target = input.GradientTarget(out var accumulate);
        var isBroadcast = input.Length != OutputLayout.Volume;
        if (isBroadcast && !accumulate)
        {
            target.Clear();
            accumulate = true;
        }

        var step = isLeft ? _plan.LeftStep : _plan.RightStep;
        for (var run = 0; run < _plan.RunCount; run++)
        {
            var (left, right) = _plan.Start(run);
            for (var start = 0; start < _plan.RunLength; start += Chunk)
            {
                var count = Math.Min(Chunk, _plan.RunLength - start);
                var offset = (isLeft ? left : right) + (step * start);
                var chunk = target.Slice(offset, step == 0 ? 1 : count);
                var result = accumulate ? share[..count] : chunk;
                var xs = Operand(x, left, _plan.LeftStep, start, count, leftFill);
                var ys = Operand(y, right, _plan.RightStep, start, count, rightFill);
                var dzs = dz.Slice((run * _plan.RunLength) + start, count);
                if (isLeft)
                {
                    LeftGradient(xs, ys, dzs, result);
                }
                else
                {
                    RightGradient(xs, ys, dzs, result);
                }

                if (step == 0)
                {
                    chunk[0] += TensorPrimitives.Sum<float>(result);
                }
                else if (accumulate)
                {
                    TensorPrimitives.Add(chunk, result, chunk);
                }
            }
        }
    }
}

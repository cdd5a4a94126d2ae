using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Transposition.</content>
public sealed partial class Tensor
{
    /// <summary>Swaps the last two axes. Inside a matrix product use <see cref="MatMul"/>'s flags instead: they copy nothing.</summary>
    /// <exception cref="ShapeException">There are less than two axes.</exception>
    public Tensor Transpose()
    {
        if (Rank < 2)
        {
            throw new ShapeException($"Transpose: {_layout} has less than two axes.");
        }

        Span<int> order = stackalloc int[Rank];
        for (var i = 0; i < Rank; i++)
        {
            order[i] = i;
        }

        (order[^2], order[^1]) = (order[^1], order[^2]);
        return Transpose(order);
    }

    /// <summary>Puts the axes into another order, copying.</summary>
    /// <param name="order">For each axis of the result, the axis of this tensor it comes from.</param>
    /// <exception cref="ShapeException">The order does not name each axis once.</exception>
    public Tensor Transpose(params ReadOnlySpan<int> order) => new Transpose(this, order).Run();
}

/// <summary>y[i₀, i₁, …] = x at the same positions, axes in another order.</summary>
internal sealed class Transpose : Operation
{
    private readonly Tensor _input;
    private readonly TensorShape _order;
    private readonly TensorShape _inputSteps;

    public Transpose(Tensor input, ReadOnlySpan<int> order)
    {
        Span<int> sizes = stackalloc int[input.Rank];
        Span<int> steps = stackalloc int[input.Rank];
        var seen = 0;
        for (var i = 0; i < order.Length && order.Length == input.Rank; i++)
        {
            if ((uint)order[i] < (uint)input.Rank)
            {
                seen |= 1 << order[i];
                sizes[i] = input.Layout[order[i]];
                steps[i] = input.Layout.After(order[i]);
            }
        }

        if (order.Length != input.Rank || seen != (1 << input.Rank) - 1)
        {
            throw new ShapeException($"Transpose: the order [{string.Join(", ", order.ToArray())}] must name each axis of {input.Layout} once, counted from 0.");
        }

        _input = input;
        _order = new TensorShape(order);
        _inputSteps = new TensorShape(steps);
        OutputLayout = new TensorShape(sizes);
    }

    public override int InputCount => 1;

    private int RowLength => OutputLayout.Rank == 0 ? 1 : OutputLayout.Span[^1];

    private int RowCount => OutputLayout.Volume == 0 ? 0 : OutputLayout.Volume / RowLength;

    private int StepInRow => _inputSteps.Rank == 0 ? 1 : _inputSteps.Span[^1];

    public override Tensor Input(int index) => _input;

    public override TracedValue Emit(OnnxTrace trace)
    {
        var input = trace.Of(_input);
        var order = new long[_order.Rank];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = _order[i];
        }

        return new TracedValue(
            trace.Graph.Node("Transpose", [input.Name], ("perm", order)), input.HasBatch ? _order.Span.IndexOf(input.BatchAxis) : -1);
    }

    protected override void Compute(Tensor output)
    {
        var parts = Partition.Count(output.Length, RowCount);
        Parallelism.For(parts, new ValueBody(this, output, parts));
    }

    protected override void Propagate()
    {
        _input.GradientTarget(out var accumulate);
        var parts = Partition.Count(_input.Length, RowCount);
        Parallelism.For(parts, new GradientBody(this, accumulate, parts));
    }

    /// <summary>Where row number <paramref name="row"/> of the result starts in the input.</summary>
    private int StartOf(int row)
    {
        var start = 0;
        for (var axis = OutputLayout.Rank - 2; axis >= 0; axis--)
        {
            (row, var position) = Math.DivRem(row, OutputLayout[axis]);
            start += position * _inputSteps[axis];
        }

        return start;
    }

    private readonly struct ValueBody(Transpose operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation.RowCount);
            var x = operation._input.Values;
            var y = output.Buffer.Span(output.Length);
            for (var row = start; row < end; row++)
            {
                var from = operation.StartOf(row);
                var target = y.Slice(row * operation.RowLength, operation.RowLength);
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = x[from + (i * operation.StepInRow)];
                }
            }
        }
    }

    private readonly struct GradientBody(Transpose operation, bool accumulate, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation.RowCount);
            var dx = operation._input.GradientSpan();
            for (var row = start; row < end; row++)
            {
                var from = operation.StartOf(row);
                var share = operation.OutputGradient.Slice(row * operation.RowLength, operation.RowLength);
                for (var i = 0; i < share.Length; i++)
                {
                    ref var place = ref dx[from + (i * operation.StepInRow)];
                    place = accumulate ? place + share[i] : share[i];
                }
            }
        }
    }
}

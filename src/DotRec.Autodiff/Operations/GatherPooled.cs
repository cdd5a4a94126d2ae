using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Pooled row lookup.</content>
public sealed partial class Tensor
{
    /// <summary>Mean of the rows of this table [N, D] that each list of indices names: shape [B, D]. An empty list gives zeros.</summary>
    /// <param name="indices">Row numbers, jagged.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is no row of the table.</exception>
    /// <exception cref="ShapeException">The table has not two axes.</exception>
    /// <exception cref="ArgumentException">The indices are not jagged: use <see cref="Gather"/>.</exception>
    public Tensor GatherMean(Indices indices) => new GatherMean(this, indices).Run();

    /// <summary>Sum of the rows of this table [N, D] that each list of indices names: shape [B, D]. An empty list gives zeros.</summary>
    /// <inheritdoc cref="GatherMean"/>
    public Tensor GatherSum(Indices indices) => new GatherSum(this, indices).Run();
}

/// <summary>y[i] = mean over j of x[index[i][j]].</summary>
internal sealed class GatherMean(Tensor table, Indices indices) : GatherPooled(table, indices, isMean: true);

/// <summary>y[i] = sum over j of x[index[i][j]].</summary>
internal sealed class GatherSum(Tensor table, Indices indices) : GatherPooled(table, indices, isMean: false);

/// <summary>One row of a table for each list of indices: the mean or the sum of the rows it names.</summary>
internal abstract class GatherPooled : Operation
{
    private readonly Tensor _table;
    private readonly Indices _indices;
    private readonly bool _isMean;

    protected GatherPooled(Tensor table, Indices indices, bool isMean)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (table.Rank != 2)
        {
            throw new ShapeException($"{Name}: the table has shape {table.Layout}; a table has two axes, [rows, width].");
        }

        if (!indices.IsJagged)
        {
            throw new ArgumentException($"{Name} takes a list of indices a row, but these have one index a row. Use Gather.", nameof(indices));
        }

        indices.CheckRange(Name, table);
        _table = table;
        _indices = indices;
        _isMean = isMean;
        OutputLayout = new TensorShape([indices.RowCount, table.Layout[1]]);
    }

    public override int InputCount => 1;

    public override bool TakesRowSparse => true;

    public override Tensor Input(int index) => _table;

    // The ids are padded: [batch, count]. Padding is looked up as row 0 and masked out, so that it may hold anything.
    public override TracedValue Emit(OnnxTrace trace)
    {
        var graph = trace.Graph;
        var (ids, lengths) = trace.Of(Name, _indices);
        var count = graph.Node("Gather", [graph.Node("Shape", [ids]), graph.Weight("one", [1L])], ("axis", 0L));
        var positions = graph.Node("Range", [graph.Weight("from", [0L]), graph.Node("Squeeze", [count]), graph.Weight("step", [1L])]);
        var column = graph.Node("Unsqueeze", [lengths!, trace.Integers(1)]);
        var isReal = graph.Node("Less", [positions, column]);
        var known = graph.Node("Where", [isReal, ids, graph.Weight("padding", [0L])]);
        var rows = graph.Node("Gather", [trace.Of(_table).Name, known], ("axis", 0L));
        var kept = graph.Node("Where", [graph.Node("Unsqueeze", [isReal, trace.Integers(2)]), rows, trace.Number(0)]);
        var sums = graph.Node("ReduceSum", [kept, trace.Integers(1)], ("keepdims", 0L));
        if (!_isMean)
        {
            return new TracedValue(sums, 0);
        }

        var divisors = graph.Node("Cast", [graph.Node("Max", [column, trace.Integers(1)])], ("to", 1L));
        return new TracedValue(graph.Node("Div", [sums, divisors]), 0);
    }

    protected override void Compute(Tensor output)
    {
        var parts = Partition.Count((long)_indices.Values.Length * OutputLayout[1], _indices.RowCount);
        Parallelism.For(parts, new ValueBody(this, output, parts));
    }

    protected override void Propagate() => RowScatter.AddToLists(_table, _indices, OutputGradient, _isMean);

    private readonly struct ValueBody(GatherPooled operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._indices.RowCount);
            var width = operation.OutputLayout[1];
            var table = operation._table.Values;
            var ids = operation._indices.Values.Span;
            var offsets = operation._indices.Offsets.Span;
            for (var i = start; i < end; i++)
            {
                var list = ids[offsets[i]..offsets[i + 1]];
                var pooled = output.Buffer.Span(output.Length).Slice(i * width, width);
                pooled.Clear();
                foreach (var id in list)
                {
                    TensorPrimitives.Add(pooled, table.Slice(id * width, width), pooled);
                }

                if (operation._isMean && list.Length > 1)
                {
                    TensorPrimitives.Multiply(pooled, 1f / list.Length, pooled);
                }
            }
        }
    }
}

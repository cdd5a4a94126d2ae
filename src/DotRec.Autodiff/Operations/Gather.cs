using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Row lookup.</content>
public sealed partial class Tensor
{
    /// <summary>Rows of this table [N, D], one for each index: shape [B, D].</summary>
    /// <param name="indices">Row numbers, not jagged.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is no row of the table.</exception>
    /// <exception cref="ShapeException">The table has not two axes.</exception>
    /// <exception cref="ArgumentException">The indices are jagged: use <see cref="GatherMean"/>.</exception>
    public Tensor Gather(Indices indices) => new Gather(this, indices).Run();
}

/// <summary>y[i] = x[index[i]].</summary>
internal sealed class Gather : Operation
{
    private readonly Tensor _table;
    private readonly Indices _indices;

    public Gather(Tensor table, Indices indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (table.Rank != 2)
        {
            throw new ShapeException($"Gather: the table has shape {table.Layout}; a table has two axes, [rows, width].");
        }

        if (indices.IsJagged)
        {
            throw new ArgumentException("Gather takes one index a row, but the indices are jagged. Use GatherMean.", nameof(indices));
        }

        indices.CheckRange(Name, table);
        _table = table;
        _indices = indices;
        OutputLayout = new TensorShape([indices.RowCount, table.Layout[1]]);
    }

    public override int InputCount => 1;

    public override bool TakesRowSparse => true;

    public override Tensor Input(int index) => _table;

    public override TracedValue Emit(OnnxTrace trace)
    {
        var (ids, _) = trace.Of(Name, _indices);
        return new TracedValue(trace.Graph.Node("Gather", [trace.Of(_table).Name, ids], ("axis", 0L)), 0);
    }

    protected override void Compute(Tensor output)
    {
        var parts = Partition.Count(output.Length, _indices.RowCount);
        Parallelism.For(parts, new ValueBody(this, output, parts));
    }

    protected override void Propagate() => RowScatter.Add(_table, _indices, OutputGradient);

    private readonly struct ValueBody(Gather operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._indices.RowCount);
            var width = operation.OutputLayout[1];
            var table = operation._table.Values;
            var ids = operation._indices.Values.Span;
            var rows = output.Buffer.Span(output.Length);
            for (var i = start; i < end; i++)
            {
                table.Slice(ids[i] * width, width).CopyTo(rows.Slice(i * width, width));
            }
        }
    }
}

using System.Numerics.Tensors;

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
}

/// <summary>y[i] = mean over j of x[index[i][j]].</summary>
internal sealed class GatherMean : Operation
{
    private readonly Tensor _table;
    private readonly Indices _indices;

    public GatherMean(Tensor table, Indices indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (table.Rank != 2)
        {
            throw new ShapeException($"GatherMean: the table has shape {table.Layout}; a table has two axes, [rows, width].");
        }

        if (!indices.IsJagged)
        {
            throw new ArgumentException("GatherMean takes a list of indices a row, but these have one index a row. Use Gather.", nameof(indices));
        }

        indices.CheckRange(Name, table);
        _table = table;
        _indices = indices;
        OutputLayout = new TensorShape([indices.RowCount, table.Layout[1]]);
    }

    public override int InputCount => 1;

    public override bool TakesRowSparse => true;

    public override Tensor Input(int index) => _table;

    protected override void Compute(Span<float> output)
    {
        var width = OutputLayout[1];
        var table = _table.Values;
        var ids = _indices.Values.Span;
        var offsets = _indices.Offsets.Span;
        for (var i = 0; i + 1 < offsets.Length; i++)
        {
            var list = ids[offsets[i]..offsets[i + 1]];
            var mean = output.Slice(i * width, width);
            mean.Clear();
            foreach (var id in list)
            {
                TensorPrimitives.Add(mean, table.Slice(id * width, width), mean);
            }

            if (list.Length > 1)
            {
                TensorPrimitives.Multiply(mean, 1f / list.Length, mean);
            }
        }
    }

    protected override void Propagate() => RowScatter.AddMeans(_table, _indices, OutputGradient);
}

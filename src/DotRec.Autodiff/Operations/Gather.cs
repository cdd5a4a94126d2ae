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

    protected override void Compute(Span<float> output)
    {
        var width = OutputLayout[1];
        var table = _table.Values;
        var ids = _indices.Values.Span;
        for (var i = 0; i < ids.Length; i++)
        {
            table.Slice(ids[i] * width, width).CopyTo(output.Slice(i * width, width));
        }
    }

    protected override void Propagate() => RowScatter.Add(_table, _indices, OutputGradient);
}

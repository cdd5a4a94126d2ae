namespace DotRec.Features;

/// <summary>What a preprocessing layer makes of raw columns: numbers a tower can compute with. Immutable.</summary>
public abstract class EncodedColumn
{
    private protected EncodedColumn(int rowCount) => RowCount = rowCount;

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>A new column holding the given rows, in that order; a row may be repeated.</summary>
    public abstract EncodedColumn Select(ReadOnlySpan<int> rows);
}

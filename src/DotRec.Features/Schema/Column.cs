namespace DotRec.Features;

/// <summary>The values of one feature for a number of rows. Immutable.</summary>
public abstract class Column
{
    private protected Column(ColumnSchema schema, int rowCount)
    {
        Schema = schema;
        RowCount = rowCount;
    }

    /// <summary>Name and type.</summary>
    public ColumnSchema Schema { get; }

    /// <summary>Column name.</summary>
    public string Name => Schema.Name;

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>A new column holding the given rows, in that order; a row may be repeated.</summary>
    public abstract Column Select(ReadOnlySpan<int> rows);
}

using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Between columns of ids and the ids of an index.</summary>
public static class ItemIdColumns
{
    /// <summary>The values of a column as the ids of an index, by row.</summary>
    /// <exception cref="ArgumentException">The column holds lists or fractions, or an id is given twice.</exception>
    public static ItemIds ToItemIds(this Column column) => column switch
    {
        Column<string> { Schema.IsJagged: false } texts => ItemIds.From(texts.Values),
        Column<long> { Schema.IsJagged: false } integers => ItemIds.From(integers.Values),
        null => throw new ArgumentNullException(nameof(column)),
        _ => throw new ArgumentException($"Column '{column.Schema}' cannot hold item ids: give a column of strings or int64 with one value a row.", nameof(column)),
    };
}

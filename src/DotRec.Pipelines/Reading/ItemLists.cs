using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Rows that name several items, such as baskets or pages: each item of a row is a choice of its own.</summary>
internal static class ItemLists
{
    /// <summary>One row for each item of each row, with the row's other columns; rows with an empty list are left out with a word.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="itemId">Column of items.</param>
    /// <param name="isList">True where the column writes a list as one text, a|b|c.</param>
    /// <param name="file">What the rows are called.</param>
    /// <param name="notes">Hears of rows without items.</param>
    /// <exception cref="ArgumentException">No row has an item.</exception>
    public static FeatureBatch Expand(FeatureBatch data, string itemId, bool isList, string file, PipelineNotes notes)
    {
        if (!data.TryGet(itemId, out var column) || (!isList && !column.Schema.IsJagged))
        {
            return data;
        }

        var lists = ListField.Split(column);
        var offsets = lists switch
        {
            Column<string> texts => texts.Offsets,
            Column<long> integers => integers.Offsets,
            _ => throw new ArgumentException($"{file}: column '{column.Schema}' cannot hold ids; they are texts or whole numbers."),
        };
        var rows = new int[offsets[^1]];
        var empty = 0;
        for (var row = 0; row + 1 < offsets.Length; row++)
        {
            rows.AsSpan(offsets[row]..offsets[row + 1]).Fill(row);
            empty += offsets[row] == offsets[row + 1] ? 1 : 0;
        }

        if (rows.Length == 0 && data.RowCount > 0)
        {
            throw new ArgumentException($"No row of {file} has an item in '{itemId}'.");
        }

        if (empty > 0)
        {
            notes.Warn(FormattableString.Invariant($"{empty:N0} of {data.RowCount:N0} rows of {file} have no item in their list; they are left out."));
        }

        notes.Note(FormattableString.Invariant($"{file}: '{itemId}' holds lists: {data.RowCount - empty:N0} rows make {rows.Length:N0} choices."));
        Column items = lists is Column<string> ids ? new Column<string>(itemId, ids.Values.ToArray()) : new Column<long>(itemId, ((Column<long>)lists).Values.ToArray());
        return data.Select(rows).With(items);
    }
}

namespace DotRec.Indexing;

/// <summary>The ids of a <see cref="LiveSnapshot"/>: of its base, then of its delta. Dead rows have ids, but no id leads to them.</summary>
internal sealed class LiveItemIds(ItemIds items, Tombstones dead, DeltaSegment delta) : ItemIds
{
    public override int Count => items.Count + delta.Count;

    public override ItemIdType Type => items.Type;

    public override string GetString(int row)
    {
        CheckRow(row);
        return row < items.Count || Type != ItemIdType.String ? items.GetString(row) : (string)delta.IdOf(row - items.Count);
    }

    public override long GetInt64(int row)
    {
        CheckRow(row);
        return row < items.Count || Type != ItemIdType.Int64 ? items.GetInt64(row) : (long)delta.IdOf(row - items.Count);
    }

    public override int RowOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return RowOf(items.RowOf(id), id);
    }

    public override int RowOf(long id) => RowOf(items.RowOf(id), id);

    private int RowOf(int row, object id)
    {
        var added = delta.RowOf(id);
        return added >= 0 ? items.Count + added : row >= 0 && !dead.Contains(row) ? row : -1;
    }
}

namespace DotRec.Indexing;

/// <summary>Row numbers as ids.</summary>
internal sealed class RangeItemIds(int count) : ItemIds
{
    public override int Count => count;

    public override ItemIdType Type => ItemIdType.Int64;

    public override long GetInt64(int row)
    {
        CheckRow(row);
        return row;
    }

    public override int RowOf(long id) => id >= 0 && id < count ? (int)id : -1;
}

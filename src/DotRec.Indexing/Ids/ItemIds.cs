namespace DotRec.Indexing;

/// <summary>
/// The caller's ids of the items of an index, by row: all strings or all 64-bit integers, no id twice. Immutable and safe to use from any
/// number of threads. Strings are kept as UTF-8 beside a hash table in one block of memory, and a saved index maps that block from its file:
/// opening parses nothing and makes no object per id.
/// </summary>
public abstract class ItemIds
{
    private protected ItemIds()
    {
    }

    /// <summary>Number of items.</summary>
    public abstract int Count { get; }

    /// <summary>Whether the ids are strings or integers.</summary>
    public abstract ItemIdType Type { get; }

    /// <summary>The id of a row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row is not in 0 … <see cref="Count"/> − 1.</exception>
    public ItemId this[int row] => Type == ItemIdType.String ? new ItemId(GetString(row)) : new ItemId(GetInt64(row));

    /// <summary>True when the row is of an item. False for a row of a <see cref="LiveIndex"/> whose item was deleted: it has no id.</summary>
    public virtual bool Has(int row) => (uint)row < (uint)Count;

    /// <summary>String ids, one a row. Copies them: 8 bytes a row, their UTF-8 text, and 12 bytes a row for look-ups.</summary>
    /// <exception cref="ArgumentException">An id is null, not valid UTF-16, or given twice; the message names the rows.</exception>
    public static ItemIds From(ReadOnlySpan<string> ids) => StringItemIds.Build(ids);

    /// <summary>Integer ids, one a row. Copies them: 8 bytes a row, and 12 bytes a row for look-ups.</summary>
    /// <exception cref="ArgumentException">An id is given twice; the message names both rows.</exception>
    public static ItemIds From(ReadOnlySpan<long> ids) => Int64ItemIds.Build(ids);

    /// <summary>The row numbers 0 … count − 1 as integer ids, for items that have no ids of their own. Takes no memory.</summary>
    public static ItemIds Range(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new RangeItemIds(count);
    }

    /// <summary>The id of a row, of string ids.</summary>
    /// <exception cref="InvalidOperationException">The ids are integers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The row is not in 0 … <see cref="Count"/> − 1.</exception>
    public virtual string GetString(int row) =>
        throw new InvalidOperationException("The item ids are 64-bit integers, not strings. Use GetInt64.");

    /// <summary>The id of a row, of integer ids.</summary>
    /// <exception cref="InvalidOperationException">The ids are strings.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The row is not in 0 … <see cref="Count"/> − 1.</exception>
    public virtual long GetInt64(int row) =>
        throw new InvalidOperationException("The item ids are strings, not 64-bit integers. Use GetString.");

    /// <summary>The row that has this id, or −1. A string and an integer are never equal.</summary>
    public virtual int RowOf(string id) => -1;

    /// <summary>The row that has this id, or −1. A string and an integer are never equal.</summary>
    public virtual int RowOf(long id) => -1;

    /// <summary>The row that has this id, or −1. A string and an integer are never equal.</summary>
    public int RowOf(ItemId id) => id.Type == ItemIdType.String ? RowOf(id.Text) : RowOf(id.Number);

    // Ids that were boxed for want of one type for both kinds.
    internal int RowOfBoxed(object id) => id is string text ? RowOf(text) : RowOf((long)id);

    /// <summary>The rows of these ids, −1 for each that is absent: what searches take as excluded rows.</summary>
    public int[] RowsOf(ReadOnlySpan<string> ids)
    {
        var rows = new int[ids.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = RowOf(ids[i]);
        }

        return rows;
    }

    /// <summary>The rows of these ids, −1 for each that is absent: what searches take as excluded rows.</summary>
    public int[] RowsOf(ReadOnlySpan<long> ids)
    {
        var rows = new int[ids.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = RowOf(ids[i]);
        }

        return rows;
    }

    private protected void CheckRow(int row)
    {
        if ((uint)row >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"Row {row} was asked for, but there are {Count} items: rows are 0 to {Count - 1}.");
        }
    }
}

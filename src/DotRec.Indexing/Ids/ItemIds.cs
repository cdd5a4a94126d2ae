namespace DotRec.Indexing;

/// <summary>The caller's ids of the items of an index, by row: all strings or all 64-bit integers, no id twice.</summary>
public abstract class ItemIds
{
    private protected ItemIds()
    {
    }

    /// <summary>Number of items.</summary>
    public abstract int Count { get; }

    /// <summary>The id of a row: a <see cref="string"/> or a boxed <see cref="long"/>.</summary>
    public abstract object this[int row] { get; }

    /// <summary>The row that has this id, or −1. A string and an integer are never equal.</summary>
    public abstract int RowOf(object id);
}

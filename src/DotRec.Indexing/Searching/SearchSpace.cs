namespace DotRec.Indexing;

/// <summary>What a search goes through: the entries of an index, and in a live index what came and went since it was built.</summary>
internal sealed class SearchSpace
{
    /// <summary>An index by itself.</summary>
    public SearchSpace(ScannSnapshot items)
    {
        Items = items;
        Filters = new EntryFilters(items, null);
    }

    /// <summary>A live index at one moment.</summary>
    public SearchSpace(LiveChanges changes)
    {
        Items = changes.Items.Index.Snapshot;
        Filters = changes.Items.Filters;
        Changes = changes;
    }

    public ScannSnapshot Items { get; }

    /// <summary>Filters in the order of the entries of <see cref="Items"/>.</summary>
    public EntryFilters Filters { get; }

    public LiveChanges? Changes { get; }

    /// <summary>Rows, of items that are gone too.</summary>
    public int RowCount => Changes?.RowCount ?? Items.Count;

    /// <summary>Items there are.</summary>
    public int AliveCount => Changes?.AliveCount ?? Items.Count;

    /// <summary>The position of a row; −1 where the item is gone.</summary>
    public int PositionOf(int row) => Changes is null ? Items.Rows.PositionOf(row) : Changes.Positions[row];

    /// <summary>The row at a position.</summary>
    public int RowAt(int position) => Changes is null ? Items.Rows.RowAt(position)
        : position < Changes.FirstAdded ? Changes.Items.RowAt(position)
        : Changes.Added.RowOf(position - Changes.FirstAdded);

    /// <summary>Refuses positions out of a file that are none.</summary>
    /// <exception cref="ArtifactFormatException">There is such a position.</exception>
    public void Check(ReadOnlySpan<int> positions)
    {
        var count = Items.Count + (Changes?.Added.Count ?? 0);
        foreach (var position in positions)
        {
            if ((uint)position >= (uint)count)
            {
                Items.Rows.Refuse(position);
            }
        }
    }

    /// <summary>Refuses positions out of a file that are none; sorted ones, so that two are looked at.</summary>
    /// <exception cref="ArtifactFormatException">There is such a position.</exception>
    public void CheckSorted(ReadOnlySpan<int> positions)
    {
        var count = Items.Count + (Changes?.Added.Count ?? 0);
        if (!positions.IsEmpty && (positions[0] < 0 || positions[^1] >= count))
        {
            Items.Rows.Refuse(positions[0] < 0 ? positions[0] : positions[^1]);
        }
    }
}

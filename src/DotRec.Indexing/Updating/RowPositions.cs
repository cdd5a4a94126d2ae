namespace DotRec.Indexing;

/// <summary>Where each row of a live index lies now: a position, or −1 for one that was deleted. Immutable; a change copies only the pages it is on.</summary>
/// <param name="items">Where rows lie that have never changed.</param>
/// <param name="pages">Changed pages; null for those that have not.</param>
internal sealed class RowPositions(LiveItems items, int[]?[] pages)
{
    private const int PageRows = 1024;

    public RowPositions(LiveItems items)
        : this(items, [])
    {
    }

    /// <summary>The position of a row, or −1.</summary>
    public int this[int row] => row / PageRows < pages.Length && pages[row / PageRows] is { } page ? page[row % PageRows] : items.PositionOf(row);

    /// <summary>The positions with some rows changed.</summary>
    public RowPositions With(List<(int Row, int Position)> changes)
    {
        if (changes.Count == 0)
        {
            return this;
        }

        var changed = new int[]?[Math.Max(pages.Length, (changes.Max(change => change.Row) / PageRows) + 1)];
        pages.CopyTo(changed, 0);
        foreach (var (row, position) in changes)
        {
            ref var page = ref changed[row / PageRows];
            if (page is null || (row / PageRows < pages.Length && ReferenceEquals(page, pages[row / PageRows])))
            {
                page = page is null ? Unchanged(row / PageRows * PageRows) : (int[])page.Clone();
            }

            page[row % PageRows] = position;
        }

        return new RowPositions(items, changed);
    }

    private int[] Unchanged(int first)
    {
        var page = new int[PageRows];
        for (var i = 0; i < page.Length; i++)
        {
            page[i] = items.PositionOf(first + i);
        }

        return page;
    }
}

namespace DotRec.Indexing;

/// <summary>A set of rows that are no items any more. Immutable; adding copies only the pages that change.</summary>
internal sealed class Tombstones
{
    private const int PageWords = 64;
    private const int PageRows = PageWords * 64;

    // null: nothing on that page.
    private readonly ulong[]?[] _pages;

    private Tombstones(ulong[]?[] pages, int count)
    {
        _pages = pages;
        Count = count;
    }

    /// <summary>Rows in the set.</summary>
    public int Count { get; }

    /// <summary>No rows of so many.</summary>
    public static Tombstones None(int rows) => new(new ulong[]?[((long)rows + PageRows - 1) / PageRows], 0);

    public bool Contains(int row) => _pages[row / PageRows] is { } page && (page[row / 64 % PageWords] >> (row & 63) & 1) != 0;

    /// <summary>The set with rows added that are not in it yet, each given once.</summary>
    public Tombstones With(List<int> rows)
    {
        var pages = (ulong[]?[])_pages.Clone();
        foreach (var row in rows)
        {
            ref var page = ref pages[row / PageRows];
            if (ReferenceEquals(page, _pages[row / PageRows]))
            {
                page = page is null ? new ulong[PageWords] : (ulong[])page.Clone();
            }

            page![row / 64 % PageWords] |= 1UL << (row & 63);
        }

        return new Tombstones(pages, Count + rows.Count);
    }
}

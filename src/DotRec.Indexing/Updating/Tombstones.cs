namespace DotRec.Indexing;

/// <summary>A set of numbers, of what is no item any more. Immutable; adding copies only the pages that change.</summary>
internal sealed class Tombstones
{
    private const int PageWords = 64;
    private const int PageNumbers = PageWords * 64;

    // null, or behind the end: nothing on that page.
    private readonly ulong[]?[] _pages;

    private Tombstones(ulong[]?[] pages, int count)
    {
        _pages = pages;
        Count = count;
    }

    /// <summary>The empty set.</summary>
    public static Tombstones None { get; } = new([], 0);

    /// <summary>Numbers in the set.</summary>
    public int Count { get; }

    public bool Contains(long number) => Page(number / PageNumbers) is { } page && (page[(int)(number / 64 % PageWords)] >> (int)(number & 63) & 1) != 0;

    /// <summary>Whether any of the numbers 64 · first … 64 · (first + count) − 1 is in the set.</summary>
    public bool Any(long first, int count)
    {
        for (var word = first; Count > 0 && word < first + count; word++)
        {
            var page = Page(word / PageWords);
            if (page is null)
            {
                word += PageWords - 1 - (word % PageWords);
            }
            else if (page[(int)(word % PageWords)] != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the set out of another, given as words from number 64 · first on.</summary>
    public void Remove(long first, Span<ulong> words)
    {
        for (var i = 0; Count > 0 && i < words.Length; i++)
        {
            if (Page((first + i) / PageWords) is { } page)
            {
                words[i] &= ~page[(int)((first + i) % PageWords)];
            }
        }
    }

    /// <summary>The set with numbers added that are not in it yet, each given once.</summary>
    public Tombstones With(List<long> numbers)
    {
        if (numbers.Count == 0)
        {
            return this;
        }

        var pages = new ulong[]?[Math.Max(_pages.Length, (numbers.Max() / PageNumbers) + 1)];
        _pages.CopyTo(pages, 0);
        foreach (var number in numbers)
        {
            ref var page = ref pages[number / PageNumbers];
            if (page is null || ReferenceEquals(page, Page(number / PageNumbers)))
            {
                page = page is null ? new ulong[PageWords] : (ulong[])page.Clone();
            }

            page[number / 64 % PageWords] |= 1UL << (int)(number & 63);
        }

        return new Tombstones(pages, Count + numbers.Count);
    }

    private ulong[]? Page(long page) => page < _pages.Length ? _pages[page] : null;
}

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
        for (; Count > 0 && count > 0;)
        {
            var words = PageWordsFrom(first, count, out var length);
            if (words.ContainsAnyExcept(0UL))
            {
                return true;
            }

            first += length;
            count -= length;
        }

        return false;
    }

    /// <summary>Takes the set out of another, given as words from number 64 · first on.</summary>
    public void Remove(long first, Span<ulong> words)
    {
        for (; Count > 0 && !words.IsEmpty;)
        {
            var gone = PageWordsFrom(first, words.Length, out var length);
            for (var i = 0; i < gone.Length; i++)
            {
                words[i] &= ~gone[i];
            }

            first += length;
            words = words[length..];
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

    // Up to count words that are on one page; none where the page is empty. Length: words looked at.
    private ReadOnlySpan<ulong> PageWordsFrom(long first, int count, out int length)
    {
        var at = (int)(first % PageWords);
        length = Math.Min(count, PageWords - at);
        return Page(first / PageWords) is { } page ? page.AsSpan(at, length) : default;
    }

    private ulong[]? Page(long page) => page < _pages.Length ? _pages[page] : null;
}

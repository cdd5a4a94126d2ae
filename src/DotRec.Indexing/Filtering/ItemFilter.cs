using System.Numerics;

namespace DotRec.Indexing;

/// <summary>
/// Which items may be returned: a set of rows. Made once, or for one request; used by any number of searches at the same time. Filters combine
/// with <see cref="And"/>, <see cref="Or"/> and <see cref="Not"/>, which copy nothing.
/// </summary>
/// <remarks>
/// A filter made of rows holds one bit a row; an index maps it to its own order piece by piece, where searches go, and keeps the pieces as long as
/// the filter lives: the first search with a filter costs little more than the next. In a <see cref="LiveIndex"/> an item keeps its row for as
/// long as it is there, so a filter made before a write stays right; rows that are added later are allowed where
/// <see cref="AllowsLaterRows"/> says so.
/// </remarks>
public sealed class ItemFilter
{
    // Words combined at a time.
    private const int ChunkWords = 64;

    // Combinations of combinations are evaluated by recursion; a deeper one is copied into bits of its own.
    private const int MaxDepth = 16;

    // Of a filter made of rows: bits past the last row are 0, so that counting needs no special case. null for a combination.
    private readonly ulong[]? _bits;

    /// <summary>What the first index that was searched with the filter has mapped of it.</summary>
    internal EntryFilters.Mapped? Mapped;

    // Of combinations one in another.
    private readonly int _depth;

    // −1 until it is counted.
    private int _allowedCount = -1;

    private ItemFilter(ulong[] bits, int count, bool allowsLaterRows)
    {
        _bits = bits;
        Count = count;
        AllowsLaterRows = allowsLaterRows;
    }

    private ItemFilter(FilterOperation operation, ItemFilter left, ItemFilter? right, bool allowsLaterRows)
    {
        Operation = operation;
        Left = left;
        Right = right;
        Count = Math.Max(left.Count, right?.Count ?? 0);
        AllowsLaterRows = allowsLaterRows;
        _depth = 1 + Math.Max(left._depth, right?._depth ?? 0);
    }

    /// <summary>Number of rows the filter was made for: the item count of its index then.</summary>
    public int Count { get; }

    /// <summary>
    /// Whether rows from <see cref="Count"/> on, which a live index gives to items added later, may be returned: true of <c>Block</c>, false of
    /// <c>Allow</c> and <c>Where</c>; combinations follow.
    /// </summary>
    public bool AllowsLaterRows { get; }

    /// <summary>Number of rows below <see cref="Count"/> that may be returned. Counted at the first call, 64 rows at a time.</summary>
    public int AllowedCount
    {
        get
        {
            if (_allowedCount < 0)
            {
                _allowedCount = CountBits();
            }

            return _allowedCount;
        }
    }

    /// <summary>How the filter is made of others.</summary>
    internal FilterOperation Operation { get; }

    internal ItemFilter? Left { get; }

    internal ItemFilter? Right { get; }

    /// <summary>Only the given rows may be returned; −1 (an id the index does not hold) is ignored, repeats are allowed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside −1 … itemCount − 1.</exception>
    public static ItemFilter Allow(int itemCount, ReadOnlySpan<int> rows) => new(Set(itemCount, rows), itemCount, allowsLaterRows: false);

    /// <summary>Only the items with these ids may be returned; ids the index does not hold are ignored.</summary>
    public static ItemFilter Allow(ItemIds items, ReadOnlySpan<string> ids) => Allow(items.Count, items.RowsOf(ids));

    /// <summary>Only the items with these ids may be returned; ids the index does not hold are ignored.</summary>
    public static ItemFilter Allow(ItemIds items, ReadOnlySpan<long> ids) => Allow(items.Count, items.RowsOf(ids));

    /// <summary>All but the given rows may be returned; −1 (an id the index does not hold) is ignored, repeats are allowed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside −1 … itemCount − 1.</exception>
    public static ItemFilter Block(int itemCount, ReadOnlySpan<int> rows)
    {
        var bits = Set(itemCount, rows);
        foreach (ref var word in bits.AsSpan())
        {
            word = ~word;
        }

        ClearBehind(bits, itemCount);
        return new ItemFilter(bits, itemCount, allowsLaterRows: true);
    }

    /// <summary>All but the items with these ids may be returned; ids the index does not hold are ignored.</summary>
    public static ItemFilter Block(ItemIds items, ReadOnlySpan<string> ids) => Block(items.Count, items.RowsOf(ids));

    /// <summary>All but the items with these ids may be returned; ids the index does not hold are ignored.</summary>
    public static ItemFilter Block(ItemIds items, ReadOnlySpan<long> ids) => Block(items.Count, items.RowsOf(ids));

    /// <summary>The rows for which <paramref name="predicate"/> holds may be returned. Calls it once a row, in order.</summary>
    public static ItemFilter Where(int itemCount, Func<int, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var bits = None(itemCount);
        for (var row = 0; row < itemCount; row++)
        {
            bits[row >> 6] |= (predicate(row) ? 1UL : 0) << (row & 63);
        }

        return new ItemFilter(bits, itemCount, allowsLaterRows: false);
    }

    /// <summary>The rows whose bit is set may be returned. Copies the bits: the cheapest way to a filter for one request.</summary>
    /// <param name="itemCount">Rows.</param>
    /// <param name="bits">One bit a row, 64 rows a word, lowest bit first: ⌈itemCount / 64⌉ words; bits behind the last row are ignored.</param>
    /// <exception cref="ArgumentException">There are more or fewer words.</exception>
    public static ItemFilter FromBits(int itemCount, ReadOnlySpan<ulong> bits)
    {
        var own = None(itemCount);
        if (bits.Length != own.Length)
        {
            throw new ArgumentException($"{itemCount} rows need {own.Length} words of 64 bits; {bits.Length} were given.", nameof(bits));
        }

        bits.CopyTo(own);
        ClearBehind(own, itemCount);
        return new ItemFilter(own, itemCount, allowsLaterRows: false);
    }

    /// <summary>True when the item may be returned.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row is negative.</exception>
    public bool Allows(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        return Operation switch
        {
            FilterOperation.And => Left!.Allows(row) && Right!.Allows(row),
            FilterOperation.Or => Left!.Allows(row) || Right!.Allows(row),
            FilterOperation.Not => !Left!.Allows(row),
            _ => row < Count ? (_bits![row >> 6] >> (row & 63) & 1) != 0 : AllowsLaterRows,
        };
    }

    /// <summary>Items that both filters allow. Copies nothing, but for one bit a row at every 16th combination of combinations.</summary>
    public ItemFilter And(ItemFilter other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ItemFilter(FilterOperation.And, this, other, AllowsLaterRows && other.AllowsLaterRows).Flattened();
    }

    /// <summary>Items that at least one of the filters allows. Copies nothing.</summary>
    public ItemFilter Or(ItemFilter other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ItemFilter(FilterOperation.Or, this, other, AllowsLaterRows || other.AllowsLaterRows).Flattened();
    }

    /// <summary>Items that this filter does not allow. Copies nothing.</summary>
    public ItemFilter Not() => new ItemFilter(FilterOperation.Not, this, null, !AllowsLaterRows).Flattened();

    /// <summary>True for a row of the index, false for −1.</summary>
    internal static bool CheckRow(int row, int itemCount)
    {
        if (row < -1 || row >= itemCount)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"Row {row} is outside the index: it holds {itemCount} items, rows 0 to {itemCount - 1}.");
        }

        return row >= 0;
    }

    /// <summary>One bit a row below <see cref="Count"/>, of a filter that is no combination.</summary>
    internal ReadOnlySpan<ulong> OwnBits => _bits;

    /// <summary>1 for a row that may be returned, of a filter that is no combination.</summary>
    internal ulong Bit(int row) => row < Count ? _bits![row >> 6] >> (row & 63) & 1 : AllowsLaterRows ? 1UL : 0;

    /// <summary>How many of the first rows may be returned; where the filter was made for more rows, at most so many.</summary>
    internal int CountAllowed(int rows) => AllowsLaterRows && rows > Count ? AllowedCount + (rows - Count) : Math.Min(AllowedCount, rows);

    /// <summary>Copies bits, 64 rows a word, whatever number of rows the filter was made for.</summary>
    /// <param name="first">The word that starts with row 64 · first.</param>
    /// <param name="words">Written.</param>
    internal void CopyWords(int first, Span<ulong> words)
    {
        if (_bits is not null)
        {
            CopyOwn(_bits, first, words);
            return;
        }

        Left!.CopyWords(first, words);
        if (Operation == FilterOperation.Not)
        {
            foreach (ref var word in words)
            {
                word = ~word;
            }

            return;
        }

        Span<ulong> others = stackalloc ulong[ChunkWords];
        for (var at = 0; at < words.Length; at += ChunkWords)
        {
            var chunk = words[at..Math.Min(words.Length, at + ChunkWords)];
            Right!.CopyWords(first + at, others[..chunk.Length]);
            Combine(Operation, chunk, others);
        }
    }

    /// <summary>words = words and (or) others.</summary>
    internal static void Combine(FilterOperation operation, Span<ulong> words, ReadOnlySpan<ulong> others)
    {
        if (operation == FilterOperation.And)
        {
            for (var i = 0; i < words.Length; i++)
            {
                words[i] &= others[i];
            }
        }
        else
        {
            for (var i = 0; i < words.Length; i++)
            {
                words[i] |= others[i];
            }
        }
    }

    private ItemFilter Flattened()
    {
        if (_depth <= MaxDepth)
        {
            return this;
        }

        var bits = None(Count);
        CopyWords(0, bits);
        ClearBehind(bits, Count);
        return new ItemFilter(bits, Count, AllowsLaterRows);
    }

    private static ulong[] None(int itemCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(itemCount);
        return new ulong[((long)itemCount + 63) / 64];
    }

    private static ulong[] Set(int itemCount, ReadOnlySpan<int> rows)
    {
        var bits = None(itemCount);
        foreach (var row in rows)
        {
            if (CheckRow(row, itemCount))
            {
                bits[row >> 6] |= 1UL << (row & 63);
            }
        }

        return bits;
    }

    private static void ClearBehind(ulong[] bits, int count)
    {
        if ((count & 63) != 0)
        {
            bits[^1] &= (1UL << (count & 63)) - 1;
        }
    }

    private void CopyOwn(ulong[] bits, int first, Span<ulong> words)
    {
        var own = Math.Clamp(bits.Length - first, 0, words.Length);
        bits.AsSpan(Math.Min(first, bits.Length), own).CopyTo(words);
        words[own..].Fill(AllowsLaterRows ? ulong.MaxValue : 0);
        if (AllowsLaterRows && (Count & 63) != 0 && own > 0 && first + own == bits.Length)
        {
            words[own - 1] |= ulong.MaxValue << (Count & 63);
        }
    }

    private int CountBits()
    {
        var (allowed, all) = (0, (int)(((long)Count + 63) / 64));
        if (_bits is not null)
        {
            foreach (var word in _bits)
            {
                allowed += BitOperations.PopCount(word);
            }

            return allowed;
        }

        Span<ulong> chunk = stackalloc ulong[ChunkWords];
        for (var first = 0; first < all; first += ChunkWords)
        {
            var words = chunk[..Math.Min(ChunkWords, all - first)];
            CopyWords(first, words);
            if (first + words.Length == all && (Count & 63) != 0)
            {
                words[^1] &= (1UL << (Count & 63)) - 1;
            }

            foreach (var word in words)
            {
                allowed += BitOperations.PopCount(word);
            }
        }

        return allowed;
    }
}

/// <summary>How an <see cref="ItemFilter"/> is made of others.</summary>
internal enum FilterOperation
{
    /// <summary>It is not: it has bits of its own.</summary>
    None,
    And,
    Or,
    Not,
}

using System.Numerics;

namespace DotRec.Indexing;

/// <summary>
/// Which items may be returned: one bit a row. Made once, used by any number of searches at the same time; filters of one index combine with
/// <see cref="And"/>, <see cref="Or"/> and <see cref="Not"/>.
/// </summary>
public sealed class ItemFilter
{
    // Bits past the last row are 0, so that counting and skipping whole words need no special case.
    private readonly ulong[] _bits;

    private ItemFilter(ulong[] bits, int count)
    {
        _bits = bits;
        Count = count;
    }

    /// <summary>Number of rows the filter covers: the item count of its index.</summary>
    public int Count { get; }

    /// <summary>Number of rows that may be returned.</summary>
    public int AllowedCount
    {
        get
        {
            var allowed = 0;
            foreach (var word in _bits)
            {
                allowed += BitOperations.PopCount(word);
            }

            return allowed;
        }
    }

    /// <summary>One bit a row, 64 rows a word, lowest bit first; 1 means the item may be returned. Bits past the last row are 0.</summary>
    public ReadOnlySpan<ulong> Bits => _bits;

    /// <summary>Only the given rows may be returned; −1 (an id the index does not hold) is ignored, repeats are allowed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside −1 … itemCount − 1.</exception>
    public static ItemFilter Allow(int itemCount, ReadOnlySpan<int> rows)
    {
        var bits = None(itemCount);
        foreach (var row in rows)
        {
            if (CheckRow(row, itemCount))
            {
                bits[row >> 6] |= 1UL << (row & 63);
            }
        }

        return new ItemFilter(bits, itemCount);
    }

    /// <summary>Only the items with these ids may be returned; ids the index does not hold are ignored.</summary>
    public static ItemFilter Allow(ItemIds items, ReadOnlySpan<string> ids) => Allow(items.Count, items.RowsOf(ids));

    /// <summary>Only the items with these ids may be returned; ids the index does not hold are ignored.</summary>
    public static ItemFilter Allow(ItemIds items, ReadOnlySpan<long> ids) => Allow(items.Count, items.RowsOf(ids));

    /// <summary>All but the given rows may be returned; −1 (an id the index does not hold) is ignored, repeats are allowed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside −1 … itemCount − 1.</exception>
    public static ItemFilter Block(int itemCount, ReadOnlySpan<int> rows) => Allow(itemCount, rows).Not();

    /// <summary>All but the items with these ids may be returned; ids the index does not hold are ignored.</summary>
    public static ItemFilter Block(ItemIds items, ReadOnlySpan<string> ids) => Allow(items, ids).Not();

    /// <summary>All but the items with these ids may be returned; ids the index does not hold are ignored.</summary>
    public static ItemFilter Block(ItemIds items, ReadOnlySpan<long> ids) => Allow(items, ids).Not();

    /// <summary>The rows for which <paramref name="predicate"/> holds may be returned. Calls it once a row, in order.</summary>
    public static ItemFilter Where(int itemCount, Func<int, bool> predicate)
    {
        var bits = None(itemCount);
        for (var row = 0; row < itemCount; row++)
        {
            if (predicate(row))
            {
                bits[row >> 6] |= 1UL << (row & 63);
            }
        }

        return new ItemFilter(bits, itemCount);
    }

    /// <summary>True when the item may be returned.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row is not in 0 … <see cref="Count"/> − 1.</exception>
    public bool Allows(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return (_bits[row >> 6] >> (row & 63) & 1) != 0;
    }

    /// <summary>Items that both filters allow.</summary>
    /// <exception cref="ArgumentException">The filters cover different item counts.</exception>
    public ItemFilter And(ItemFilter other) => Combine(other, static (left, right) => left & right);

    /// <summary>Items that at least one of the filters allows.</summary>
    /// <exception cref="ArgumentException">The filters cover different item counts.</exception>
    public ItemFilter Or(ItemFilter other) => Combine(other, static (left, right) => left | right);

    /// <summary>Items that this filter does not allow.</summary>
    public ItemFilter Not()
    {
        var bits = Array.ConvertAll(_bits, static word => ~word);
        if ((Count & 63) != 0)
        {
            bits[^1] &= (1UL << (Count & 63)) - 1;
        }

        return new ItemFilter(bits, Count);
    }

    private static ulong[] None(int itemCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(itemCount);
        return new ulong[((long)itemCount + 63) / 64];
    }

    /// <summary>True for a row of the index, false for −1.</summary>
    internal static bool CheckRow(int row, int itemCount)
    {
        if (row < -1 || row >= itemCount)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"Row {row} is outside the index: it holds {itemCount} items, rows 0 to {itemCount - 1}.");
        }

        return row >= 0;
    }

    private ItemFilter Combine(ItemFilter other, Func<ulong, ulong, ulong> combine)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count != Count)
        {
            throw new ArgumentException($"The filters cover {Count} and {other.Count} items. Combine filters of one index.", nameof(other));
        }

        var bits = new ulong[_bits.Length];
        for (var word = 0; word < bits.Length; word++)
        {
            bits[word] = combine(_bits[word], other._bits[word]);
        }

        return new ItemFilter(bits, Count);
    }
}

namespace DotRec.Indexing;

/// <summary>Which items may be returned: one bit a row. Made once, used by any number of searches at the same time.</summary>
public sealed class ItemFilter
{
    private readonly ulong[] _bits;

    private ItemFilter(ulong[] bits, int count)
    {
        _bits = bits;
        Count = count;
    }

    /// <summary>Number of rows the filter covers: the item count of its index.</summary>
    public int Count { get; }

    /// <summary>One bit a row, 64 rows a word, lowest bit first; 1 means the item may be returned.</summary>
    public ReadOnlySpan<ulong> Bits => _bits;

    /// <summary>True when the item may be returned.</summary>
    public bool Allows(int row) => (_bits[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>Only the given rows may be returned.</summary>
    public static ItemFilter Allow(int itemCount, ReadOnlySpan<int> rows)
    {
        var bits = new ulong[(itemCount + 63) / 64];
        foreach (var row in rows)
        {
            bits[row >> 6] |= 1UL << (row & 63);
        }

        return new ItemFilter(bits, itemCount);
    }

    /// <summary>All but the given rows may be returned.</summary>
    public static ItemFilter Block(int itemCount, ReadOnlySpan<int> rows)
    {
        var bits = new ulong[(itemCount + 63) / 64];
        Array.Fill(bits, ulong.MaxValue);
        foreach (var row in rows)
        {
            bits[row >> 6] &= ~(1UL << (row & 63));
        }

        return new ItemFilter(bits, itemCount);
    }

    /// <summary>The rows for which <paramref name="predicate"/> holds may be returned.</summary>
    public static ItemFilter Where(int itemCount, Func<int, bool> predicate)
    {
        var bits = new ulong[(itemCount + 63) / 64];
        for (var row = 0; row < itemCount; row++)
        {
            if (predicate(row))
            {
                bits[row >> 6] |= 1UL << (row & 63);
            }
        }

        return new ItemFilter(bits, itemCount);
    }
}

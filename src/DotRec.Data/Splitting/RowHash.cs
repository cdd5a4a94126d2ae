namespace DotRec.Data;

/// <summary>
/// A random order of row numbers that any program can make again: rows by the hash of their number and a seed. The hash is two steps of SplitMix64
/// (Steele, Lea and Flood, 2014), <c>mix(mix(seed) + row)</c> in arithmetic of 64 bits; docs/file-formats.md has it in Python.
/// </summary>
public static class RowHash
{
    private const ulong Increment = 0x9E3779B97F4A7C15UL;

    /// <summary>The hash of a row. Two rows never have the same one under one seed.</summary>
    /// <param name="row">Number of the row, from 0.</param>
    /// <param name="seed">Another seed gives another order.</param>
    public static ulong Of(long row, ulong seed) => Mix(Mix(seed) + (ulong)row);

    /// <summary>The rows of the smallest hashes, in the order of the hashes: a random sample without replacement. Takes the time of a sort.</summary>
    /// <param name="rowCount">Rows there are.</param>
    /// <param name="count">Rows to draw, at most <paramref name="rowCount"/>.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentOutOfRangeException">More rows are to be drawn than there are.</exception>
    public static int[] Sample(int rowCount, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, rowCount);
        var (hashes, rows) = (new ulong[rowCount], new int[rowCount]);
        for (var row = 0; row < rowCount; row++)
        {
            (hashes[row], rows[row]) = (Of(row, seed), row);
        }

        Array.Sort(hashes, rows);
        return rows[..count];
    }

    private static ulong Mix(ulong value)
    {
        value += Increment;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}

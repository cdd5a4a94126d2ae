using System.Numerics;
using System.Runtime.Intrinsics.X86;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Sets of entries, a bit each, lowest first, two words a block.</summary>
internal static class EntryWords
{
    /// <summary>All of so many entries.</summary>
    public static ulong[] All(int count)
    {
        var words = new ulong[2 * PackedLookup.CountBlocks(count)];
        words.AsSpan(0, count / 64).Fill(ulong.MaxValue);
        if (count % 64 != 0)
        {
            words[count / 64] = LowestBits.Of(count % 64);
        }

        return words;
    }

    /// <summary>Entries in a set.</summary>
    public static int Count(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>Entries from the first on that are in a set, up to one that is not.</summary>
    public static int CountLeading(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words)
        {
            var ones = BitOperations.TrailingZeroCount(~word);
            count += ones;
            if (ones < 64)
            {
                break;
            }
        }

        return count;
    }

    /// <summary>What a set of entries is among those of them that were kept, numbered anew.</summary>
    /// <param name="words">The set.</param>
    /// <param name="kept">Which were kept.</param>
    /// <param name="target">Written from its first bit on, and nothing behind them; long enough for all that were kept.</param>
    public static void Extract(ReadOnlySpan<ulong> words, ReadOnlySpan<ulong> kept, Span<ulong> target)
    {
        var at = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            var (bits, count, shift) = (ExtractBits(words[i], kept[i]), BitOperations.PopCount(kept[i]), at & 63);
            if (count > 0)
            {
                target[at >> 6] = (shift == 0 ? 0 : target[at >> 6]) | (bits << shift);
                if (shift + count > 64)
                {
                    target[(at >> 6) + 1] = bits >> (64 - shift);
                }
            }

            at += count;
        }
    }

    /// <summary>Takes out of the kept entries those that are not in a set of them, numbered as <see cref="Extract"/> does.</summary>
    /// <param name="kept">Which were kept; written: which of them are in the set.</param>
    /// <param name="words">The set.</param>
    /// <returns>How many are left.</returns>
    public static int Narrow(Span<ulong> kept, ReadOnlySpan<ulong> words)
    {
        var (at, left) = (0, 0);
        foreach (ref var word in kept)
        {
            var rest = word;
            for (; rest != 0; rest &= rest - 1, at++)
            {
                if ((words[at >> 6] >> (at & 63) & 1) == 0)
                {
                    word &= ~(rest & (~rest + 1));
                }
            }

            left += BitOperations.PopCount(word);
        }

        return left;
    }

    private static ulong ExtractBits(ulong word, ulong kept)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitExtract(word, kept);
        }

        var (bits, at) = (0UL, 0);
        for (; kept != 0; kept &= kept - 1, at++)
        {
            bits |= (word >> BitOperations.TrailingZeroCount(kept) & 1) << at;
        }

        return bits;
    }
}

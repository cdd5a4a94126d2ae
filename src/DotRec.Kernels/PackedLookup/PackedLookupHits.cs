using System.Numerics;
using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>From the values of a block to the items found in it: the part of a scan that runs only where something was found.</summary>
internal static unsafe class PackedLookupHits
{
    /// <summary>The items of a block that exist and are allowed, one bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong Low, ulong High) Candidates(PackedLookupRun* run, int block)
    {
        var left = run->Count - (block * PackedLookup.BlockItems);
        var (low, high) = (LowestBits.Of(left), LowestBits.Of(left - 64));
        return run->Allowed == null ? (low, high) : (low & run->Allowed[2 * block], high & run->Allowed[(2 * block) + 1]);
    }

    /// <summary>Appends items, one bit each, with their values.</summary>
    /// <param name="query">What is written.</param>
    /// <param name="found">Items found before.</param>
    /// <param name="first">Position of the block's first item.</param>
    /// <param name="low">Bits of items 0 … 63.</param>
    /// <param name="high">Bits of items 64 … 127.</param>
    /// <param name="values">[128].</param>
    /// <returns>Items found now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Append(PackedLookupQuery* query, int found, int first, ulong low, ulong high, short* values)
    {
        var positions = query->Positions;
        var kept = query->Values;
        for (; low != 0; low &= low - 1)
        {
            var item = BitOperations.TrailingZeroCount(low);
            positions[found] = (ushort)(first + item);
            kept[found++] = values[item];
        }

        for (; high != 0; high &= high - 1)
        {
            var item = 64 + BitOperations.TrailingZeroCount(high);
            positions[found] = (ushort)(first + item);
            kept[found++] = values[item];
        }

        return found;
    }
}

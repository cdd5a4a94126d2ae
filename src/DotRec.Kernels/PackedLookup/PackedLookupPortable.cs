using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>
/// 128-bit vectors: a quarter of a row at a time, 8 items of every run. The lookup is one instruction where the processor has one (pshufb on x86 with
/// SSSE3, tbl on Arm).
/// </summary>
internal readonly unsafe struct PackedLookupPortable : IPackedLookupKernel
{
    private const int QuarterBytes = 16;
    private const int QuarterItems = 8;

    public static InstructionSet InstructionSet => InstructionSet.Portable;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanOne(PackedLookupRun* run, PackedLookupQuery* query)
    {
        query->Found = 0;
        var blocks = PackedLookup.CountBlocks(run->Count);
        for (var block = 0; block < blocks; block++)
        {
            Scan(run, block, query);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanTwo(PackedLookupRun* run, PackedLookupQuery* queries)
    {
        queries[0].Found = 0;
        queries[1].Found = 0;
        var blocks = PackedLookup.CountBlocks(run->Count);
        for (var block = 0; block < blocks; block++)
        {
            Scan(run, block, queries);
            Scan(run, block, queries + 1);
        }
    }

    [SkipLocalsInit]
    private static void Scan(PackedLookupRun* run, int block, PackedLookupQuery* query)
    {
        var (low, high) = PackedLookupHits.Candidates(run, block);
        if ((low | high) == 0)
        {
            return;
        }

        var values = stackalloc short[PackedLookup.BlockItems];
        var codes = run->Codes + ((long)block * run->Rows * PackedLookup.RowBytes);
        var scales = run->Scales + ((long)block * PackedLookup.BlockItems);
        for (var quarter = 0; quarter < 4; quarter++)
        {
            Quarter(codes + (quarter * QuarterBytes), scales + (quarter * QuarterItems), run->Rows, query, values + (quarter * QuarterItems));
        }

        low &= Above(values, query->Threshold);
        high &= Above(values + 64, query->Threshold);
        query->Found = PackedLookupHits.Append(query, query->Found, block * PackedLookup.BlockItems, low, high, values);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(byte* code, short* scales, int rows, PackedLookupQuery* query, short* values)
    {
        var (lowAll, lowOdd, highAll, highOdd) = (Vector128<ushort>.Zero, Vector128<ushort>.Zero, Vector128<ushort>.Zero, Vector128<ushort>.Zero);
        var table = query->Tables;
        for (var row = 0; row < rows;)
        {
            var (low, high) = (Vector128<byte>.Zero, Vector128<byte>.Zero);
            var end = Math.Min(row + PackedLookup.RowsAByte, rows);
            for (; row < end; row++, code += PackedLookup.RowBytes, table += PackedLookup.Codewords)
            {
                var codes = Vector128.Load(code);
                var entries = Vector128.Load(table);
                low += Vector128.ShuffleNative(entries, codes & Vector128.Create((byte)0x0F));
                high += Vector128.ShuffleNative(entries, codes >>> 4);
            }

            lowAll += low.AsUInt16();
            lowOdd += low.AsUInt16() >>> 8;
            highAll += high.AsUInt16();
            highOdd += high.AsUInt16() >>> 8;
        }

        // The sums of all bytes carry those of the odd bytes in their upper halves.
        Finish(lowAll - (lowOdd << 8), scales, query, values);
        Finish(lowOdd, scales + 32, query, values + 32);
        Finish(highAll - (highOdd << 8), scales + 64, query, values + 64);
        Finish(highOdd, scales + 96, query, values + 96);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Vector128<ushort> sums, short* scales, PackedLookupQuery* query, short* values)
    {
        var shifted = (sums.AsInt16() - Vector128.Create((short)query->Offset)) << query->Shift;
        MultiplyHighRounded(shifted, Vector128.Load(scales)).Store(values);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> MultiplyHighRounded(Vector128<short> x, Vector128<short> y)
    {
        if (AdvSimd.IsSupported)
        {
            return AdvSimd.MultiplyRoundedDoublingSaturateHigh(x, y);
        }

        if (Ssse3.IsSupported)
        {
            return Ssse3.MultiplyHighRoundScale(x, y);
        }

        var half = Vector128.Create(1 << 14);
        var (xLow, xHigh) = Vector128.Widen(x);
        var (yLow, yHigh) = Vector128.Widen(y);
        return Vector128.Narrow(((xLow * yLow) + half) >> 15, ((xHigh * yHigh) + half) >> 15);
    }

    private static ulong Above(short* values, int threshold)
    {
        var limit = Vector128.Create((short)threshold);
        var above = 0UL;
        for (var first = 0; first < 64; first += QuarterItems)
        {
            above |= (ulong)Vector128.GreaterThan(Vector128.Load(values + first), limit).ExtractMostSignificantBits() << first;
        }

        return above;
    }
}

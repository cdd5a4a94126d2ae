using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>256-bit vectors: half a row at a time, which is 16 items of every run.</summary>
internal readonly unsafe struct PackedLookupAvx2 : IPackedLookupKernel
{
    private const int HalfBytes = 32;
    private const int HalfItems = 16;

    public static InstructionSet InstructionSet => InstructionSet.Avx2;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScanOne(PackedLookupRun* run, PackedLookupQuery* query)
    {
        var values = stackalloc short[PackedLookup.BlockItems];
        var codes = run->Codes;
        var scales = run->Scales;
        var rows = run->Rows;
        var blocks = PackedLookup.CountBlocks(run->Count);
        var found = 0;
        for (var block = 0; block < blocks; block++, codes += rows * PackedLookup.RowBytes, scales += PackedLookup.BlockItems)
        {
            if (run->Allowed != null && (run->Allowed[2 * block] | run->Allowed[(2 * block) + 1]) == 0)
            {
                continue;
            }

            if (Half(codes, scales, rows, query, values) | Half(codes + HalfBytes, scales + HalfItems, rows, query, values + HalfItems))
            {
                found = Append(run, query, block, found, values);
            }
        }

        query->Found = found;
    }

    // The second query finds the block in the nearest cache: 16 registers do not hold the sums of two.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScanTwo(PackedLookupRun* run, PackedLookupQuery* queries)
    {
        var values = stackalloc short[PackedLookup.BlockItems];
        var codes = run->Codes;
        var scales = run->Scales;
        var rows = run->Rows;
        var blocks = PackedLookup.CountBlocks(run->Count);
        queries[0].Found = 0;
        queries[1].Found = 0;
        for (var block = 0; block < blocks; block++, codes += rows * PackedLookup.RowBytes, scales += PackedLookup.BlockItems)
        {
            if (run->Allowed != null && (run->Allowed[2 * block] | run->Allowed[(2 * block) + 1]) == 0)
            {
                continue;
            }

            for (var query = queries; query < queries + 2; query++)
            {
                if (Half(codes, scales, rows, query, values) | Half(codes + HalfBytes, scales + HalfItems, rows, query, values + HalfItems))
                {
                    query->Found = Append(run, query, block, query->Found, values);
                }
            }
        }
    }

    // Writes the values of half the items of every run; true when one is above the threshold.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Half(byte* code, short* scales, int rows, PackedLookupQuery* query, short* values)
    {
        var (lowAll, lowOdd, highAll, highOdd) = (Vector256<ushort>.Zero, Vector256<ushort>.Zero, Vector256<ushort>.Zero, Vector256<ushort>.Zero);
        var table = query->Tables;
        var row = 0;
        for (; row + PackedLookup.RowsAByte <= rows; row += PackedLookup.RowsAByte)
        {
            var (low, high) = (Vector256<byte>.Zero, Vector256<byte>.Zero);
            Add(code, table, ref low, ref high);
            Add(code + PackedLookup.RowBytes, table + PackedLookup.Codewords, ref low, ref high);
            Add(code + (2 * PackedLookup.RowBytes), table + (2 * PackedLookup.Codewords), ref low, ref high);
            Add(code + (3 * PackedLookup.RowBytes), table + (3 * PackedLookup.Codewords), ref low, ref high);
            lowAll += low.AsUInt16();
            lowOdd += Avx2.ShiftRightLogical(low.AsUInt16(), 8);
            highAll += high.AsUInt16();
            highOdd += Avx2.ShiftRightLogical(high.AsUInt16(), 8);
            code += PackedLookup.RowsAByte * PackedLookup.RowBytes;
            table += PackedLookup.RowsAByte * PackedLookup.Codewords;
        }

        if (row < rows)
        {
            var (low, high) = (Vector256<byte>.Zero, Vector256<byte>.Zero);
            for (; row < rows; row++, code += PackedLookup.RowBytes, table += PackedLookup.Codewords)
            {
                Add(code, table, ref low, ref high);
            }

            lowAll += low.AsUInt16();
            lowOdd += Avx2.ShiftRightLogical(low.AsUInt16(), 8);
            highAll += high.AsUInt16();
            highOdd += Avx2.ShiftRightLogical(high.AsUInt16(), 8);
        }

        // The sums of all bytes carry those of the odd bytes in their upper halves.
        return Finish(lowAll - Avx2.ShiftLeftLogical(lowOdd, 8), scales, query, values)
            | Finish(lowOdd, scales + 32, query, values + 32)
            | Finish(highAll - Avx2.ShiftLeftLogical(highOdd, 8), scales + 64, query, values + 64)
            | Finish(highOdd, scales + 96, query, values + 96);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(byte* code, byte* table, ref Vector256<byte> low, ref Vector256<byte> high)
    {
        var codes = Vector256.Load(code);
        var entries = Avx2.BroadcastVector128ToVector256(table);
        low += Avx2.Shuffle(entries, codes & Vector256.Create((byte)0x0F));
        high += Avx2.Shuffle(entries, Avx2.ShiftRightLogical(codes.AsUInt16(), 4).AsByte() & Vector256.Create((byte)0x0F));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Finish(Vector256<ushort> sums, short* scales, PackedLookupQuery* query, short* values)
    {
        var shifted = Avx2.ShiftLeftLogical(sums.AsInt16() - Vector256.Create((short)query->Offset), Vector128.CreateScalar((short)query->Shift));
        var value = Avx2.MultiplyHighRoundScale(shifted, Vector256.Load(scales));
        value.Store(values);
        return Vector256.GreaterThanAny(value, Vector256.Create((short)query->Threshold));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Append(PackedLookupRun* run, PackedLookupQuery* query, int block, int found, short* values)
    {
        var threshold = Vector256.Create((short)query->Threshold);
        var (low, high) = PackedLookupHits.Candidates(run, block);
        low &= Above(values, threshold) | (Above(values + 32, threshold) << 32);
        high &= Above(values + 64, threshold) | (Above(values + 96, threshold) << 32);
        return PackedLookupHits.Append(query, found, block * PackedLookup.BlockItems, low, high, values);
    }

    // One bit for each of 32 values: packing to bytes swaps the middle quarters, which are swapped back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Above(short* values, Vector256<short> threshold)
    {
        var first = Vector256.GreaterThan(Vector256.Load(values), threshold);
        var second = Vector256.GreaterThan(Vector256.Load(values + HalfItems), threshold);
        return Avx2.Permute4x64(Avx2.PackSignedSaturate(first, second).AsInt64(), 0b11_01_10_00).AsByte().ExtractMostSignificantBits();
    }
}

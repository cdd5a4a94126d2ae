using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace DotRec.Kernels;

/// <summary>
/// Arm64: two 128-bit vectors are half a row, 16 items of every run. Thirty-two registers hold their sums and the tables of four rows, which one
/// instruction loads; a shift and the sum of what it shifts out are one instruction too.
/// </summary>
internal readonly unsafe struct PackedLookupAdvSimd : IPackedLookupKernel
{
    private const int HalfBytes = 32;
    private const int QuarterItems = 8;
    private const int RowBytes = PackedLookup.RowBytes;

    public static InstructionSet InstructionSet => InstructionSet.Portable;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanOne(PackedLookupRun* run, PackedLookupQuery* query)
    {
        var values = stackalloc short[PackedLookup.BlockItems];
        query->Found = 0;
        var blocks = PackedLookup.CountBlocks(run->Count);
        for (var block = 0; block < blocks; block++)
        {
            Scan(run, block, query, values);
        }
    }

    // The second query finds the block in the nearest cache.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanTwo(PackedLookupRun* run, PackedLookupQuery* queries)
    {
        var values = stackalloc short[PackedLookup.BlockItems];
        queries[0].Found = 0;
        queries[1].Found = 0;
        var blocks = PackedLookup.CountBlocks(run->Count);
        for (var block = 0; block < blocks; block++)
        {
            Scan(run, block, queries, values);
            Scan(run, block, queries + 1, values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scan(PackedLookupRun* run, int block, PackedLookupQuery* query, short* values)
    {
        if (run->Allowed != null && (run->Allowed[2 * block] | run->Allowed[(2 * block) + 1]) == 0)
        {
            return;
        }

        var codes = run->Codes + ((long)block * run->Rows * RowBytes);
        var scales = run->Scales + ((long)block * PackedLookup.BlockItems);
        var max = AdvSimd.Max(
            Half(codes, scales, run->Rows, query, values),
            Half(codes + HalfBytes, scales + (2 * QuarterItems), run->Rows, query, values + (2 * QuarterItems)));
        if (!Vector128.GreaterThanAny(max, Vector128.Create((short)query->Threshold)))
        {
            return;
        }

        var (low, high) = PackedLookupHits.Candidates(run, block);
        low &= Above(values, query->Threshold);
        high &= Above(values + 64, query->Threshold);
        query->Found = PackedLookupHits.Append(query, query->Found, block * PackedLookup.BlockItems, low, high, values);
    }

    // Writes the values of half the items of every run; returns the greatest of each lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Half(byte* code, short* scales, int rows, PackedLookupQuery* query, short* values)
    {
        var (left, right) = (default(Sums), default(Sums));
        var table = query->Tables;
        for (; rows >= PackedLookup.RowsAByte; rows -= PackedLookup.RowsAByte)
        {
            var (lowL, highL, lowR, highR) = (Vector128<byte>.Zero, Vector128<byte>.Zero, Vector128<byte>.Zero, Vector128<byte>.Zero);
            var (table0, table1, table2, table3) = AdvSimd.Arm64.Load4xVector128(table);
            Add(code, table0, ref lowL, ref highL, ref lowR, ref highR);
            Add(code + RowBytes, table1, ref lowL, ref highL, ref lowR, ref highR);
            Add(code + (2 * RowBytes), table2, ref lowL, ref highL, ref lowR, ref highR);
            Add(code + (3 * RowBytes), table3, ref lowL, ref highL, ref lowR, ref highR);
            left.Add(lowL, highL);
            right.Add(lowR, highR);
            code += PackedLookup.RowsAByte * RowBytes;
            table += PackedLookup.RowsAByte * PackedLookup.Codewords;
        }

        if (rows > 0)
        {
            var (lowL, highL, lowR, highR) = (Vector128<byte>.Zero, Vector128<byte>.Zero, Vector128<byte>.Zero, Vector128<byte>.Zero);
            for (; rows > 0; rows--, code += RowBytes, table += PackedLookup.Codewords)
            {
                Add(code, Vector128.Load(table), ref lowL, ref highL, ref lowR, ref highR);
            }

            left.Add(lowL, highL);
            right.Add(lowR, highR);
        }

        return AdvSimd.Max(Finish(left, scales, query, values), Finish(right, scales + QuarterItems, query, values + QuarterItems));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        byte* code, Vector128<byte> table, ref Vector128<byte> lowL, ref Vector128<byte> highL, ref Vector128<byte> lowR, ref Vector128<byte> highR)
    {
        var (left, right) = AdvSimd.Arm64.LoadPairVector128(code);
        var nibble = Vector128.Create((byte)0x0F);
        lowL += AdvSimd.Arm64.VectorTableLookup(table, left & nibble);
        highL += AdvSimd.Arm64.VectorTableLookup(table, AdvSimd.ShiftRightLogical(left, 4));
        lowR += AdvSimd.Arm64.VectorTableLookup(table, right & nibble);
        highR += AdvSimd.Arm64.VectorTableLookup(table, AdvSimd.ShiftRightLogical(right, 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Finish(Sums sums, short* scales, PackedLookupQuery* query, short* values)
    {
        var offset = Vector128.Create((short)query->Offset);
        var shift = Vector128.Create((short)query->Shift);
        var run0 = Value(sums.LowEven(), offset, shift, scales, values);
        var run1 = Value(sums.LowOdd, offset, shift, scales + 32, values + 32);
        var run2 = Value(sums.HighEven(), offset, shift, scales + 64, values + 64);
        var run3 = Value(sums.HighOdd, offset, shift, scales + 96, values + 96);
        return AdvSimd.Max(AdvSimd.Max(run0, run1), AdvSimd.Max(run2, run3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Value(Vector128<ushort> sums, Vector128<short> offset, Vector128<short> shift, short* scales, short* values)
    {
        var value = AdvSimd.MultiplyRoundedDoublingSaturateHigh(AdvSimd.ShiftLogical(sums.AsInt16() - offset, shift), Vector128.Load(scales));
        value.Store(values);
        return value;
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

    // Sums of the even bytes carry those of the odd bytes in their upper halves until the end: adding is cheaper than masking each time.
    private struct Sums
    {
        public Vector128<ushort> LowOdd;
        public Vector128<ushort> HighOdd;
        private Vector128<ushort> _lowAll;
        private Vector128<ushort> _highAll;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector128<byte> low, Vector128<byte> high)
        {
            _lowAll += low.AsUInt16();
            LowOdd = AdvSimd.ShiftRightLogicalAdd(LowOdd, low.AsUInt16(), 8);
            _highAll += high.AsUInt16();
            HighOdd = AdvSimd.ShiftRightLogicalAdd(HighOdd, high.AsUInt16(), 8);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector128<ushort> LowEven() => _lowAll - AdvSimd.ShiftLeftLogical(LowOdd, 8);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector128<ushort> HighEven() => _highAll - AdvSimd.ShiftLeftLogical(HighOdd, 8);
    }
}

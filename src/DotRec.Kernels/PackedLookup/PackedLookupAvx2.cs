using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>
/// 256-bit vectors, so half a row is 16 items of every run. Sixteen registers hold the sums of two such halves: both halves of a row for one
/// query, which then share a table, or one half for two queries, which then share its codes and their nibbles.
/// </summary>
internal readonly unsafe struct PackedLookupAvx2 : IPackedLookupKernel
{
    private const int HalfBytes = 32;
    private const int HalfItems = 16;
    private const int RowBytes = PackedLookup.RowBytes;
    private const int TableBytes = PackedLookup.Codewords;

    public static InstructionSet InstructionSet => InstructionSet.Avx2;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanOne(PackedLookupRun* run, PackedLookupQuery* query)
    {
        var values = stackalloc short[PackedLookup.BlockItems];
        var codes = run->Codes;
        var scales = run->Scales;
        var rows = run->Rows;
        var blocks = PackedLookup.CountBlocks(run->Count);
        var found = 0;
        for (var block = 0; block < blocks; block++, codes += rows * RowBytes, scales += PackedLookup.BlockItems)
        {
            if (run->Allowed != null && (run->Allowed[2 * block] | run->Allowed[(2 * block) + 1]) == 0)
            {
                continue;
            }

            if (Block(codes, scales, rows, query, values))
            {
                found = Append(run, query, block, found, values);
            }
        }

        query->Found = found;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanTwo(PackedLookupRun* run, PackedLookupQuery* queries)
    {
        var values = stackalloc short[2 * PackedLookup.BlockItems];
        var codes = run->Codes;
        var scales = run->Scales;
        var rows = run->Rows;
        var blocks = PackedLookup.CountBlocks(run->Count);
        var (foundA, foundB) = (0, 0);
        for (var block = 0; block < blocks; block++, codes += rows * RowBytes, scales += PackedLookup.BlockItems)
        {
            if (run->Allowed != null && (run->Allowed[2 * block] | run->Allowed[(2 * block) + 1]) == 0)
            {
                continue;
            }

            var above = HalfOfTwo(codes, scales, rows, queries, values)
                | HalfOfTwo(codes + HalfBytes, scales + HalfItems, rows, queries, values + HalfItems);
            if ((above & 1) != 0)
            {
                foundA = Append(run, queries, block, foundA, values);
            }

            if ((above & 2) != 0)
            {
                foundB = Append(run, queries + 1, block, foundB, values + PackedLookup.BlockItems);
            }
        }

        queries[0].Found = foundA;
        queries[1].Found = foundB;
    }

    // Writes the values of a block; true when one is above the threshold.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Block(byte* code, short* scales, int rows, PackedLookupQuery* query, short* values)
    {
        var (left, right) = (default(Sums), default(Sums));
        var table = query->Tables;
        for (; rows >= PackedLookup.RowsAByte; rows -= PackedLookup.RowsAByte)
        {
            var (lowL, highL, lowR, highR) = (Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero);
            AddRow(code, table, ref lowL, ref highL, ref lowR, ref highR);
            AddRow(code + RowBytes, table + TableBytes, ref lowL, ref highL, ref lowR, ref highR);
            AddRow(code + (2 * RowBytes), table + (2 * TableBytes), ref lowL, ref highL, ref lowR, ref highR);
            AddRow(code + (3 * RowBytes), table + (3 * TableBytes), ref lowL, ref highL, ref lowR, ref highR);
            left.Add(lowL, highL);
            right.Add(lowR, highR);
            code += PackedLookup.RowsAByte * RowBytes;
            table += PackedLookup.RowsAByte * TableBytes;
        }

        if (rows > 0)
        {
            var (lowL, highL, lowR, highR) = (Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero);
            for (; rows > 0; rows--, code += RowBytes, table += TableBytes)
            {
                AddRow(code, table, ref lowL, ref highL, ref lowR, ref highR);
            }

            left.Add(lowL, highL);
            right.Add(lowR, highR);
        }

        return Finish(left, scales, query, values) | Finish(right, scales + HalfItems, query, values + HalfItems);
    }

    // Writes the values of half the items of every run for two queries; bit 0 tells that one of the first query's is above its threshold, bit 1 the second's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HalfOfTwo(byte* code, short* scales, int rows, PackedLookupQuery* queries, short* values)
    {
        var (sumsA, sumsB) = (default(Sums), default(Sums));
        var tableA = queries[0].Tables;
        var tableB = queries[1].Tables;
        for (; rows >= PackedLookup.RowsAByte; rows -= PackedLookup.RowsAByte)
        {
            var (lowA, highA, lowB, highB) = (Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero);
            AddHalf(code, tableA, tableB, ref lowA, ref highA, ref lowB, ref highB);
            AddHalf(code + RowBytes, tableA + TableBytes, tableB + TableBytes, ref lowA, ref highA, ref lowB, ref highB);
            AddHalf(code + (2 * RowBytes), tableA + (2 * TableBytes), tableB + (2 * TableBytes), ref lowA, ref highA, ref lowB, ref highB);
            AddHalf(code + (3 * RowBytes), tableA + (3 * TableBytes), tableB + (3 * TableBytes), ref lowA, ref highA, ref lowB, ref highB);
            sumsA.Add(lowA, highA);
            sumsB.Add(lowB, highB);
            code += PackedLookup.RowsAByte * RowBytes;
            tableA += PackedLookup.RowsAByte * TableBytes;
            tableB += PackedLookup.RowsAByte * TableBytes;
        }

        if (rows > 0)
        {
            var (lowA, highA, lowB, highB) = (Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero);
            for (; rows > 0; rows--, code += RowBytes, tableA += TableBytes, tableB += TableBytes)
            {
                AddHalf(code, tableA, tableB, ref lowA, ref highA, ref lowB, ref highB);
            }

            sumsA.Add(lowA, highA);
            sumsB.Add(lowB, highB);
        }

        return (Finish(sumsA, scales, queries, values) ? 1 : 0) | (Finish(sumsB, scales, queries + 1, values + PackedLookup.BlockItems) ? 2 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(
        byte* code, byte* table, ref Vector256<byte> lowL, ref Vector256<byte> highL, ref Vector256<byte> lowR, ref Vector256<byte> highR)
    {
        var entries = Avx2.BroadcastVector128ToVector256(table);
        var codes = Vector256.Load(code);
        lowL += Avx2.Shuffle(entries, Low(codes));
        highL += Avx2.Shuffle(entries, High(codes));
        codes = Vector256.Load(code + HalfBytes);
        lowR += Avx2.Shuffle(entries, Low(codes));
        highR += Avx2.Shuffle(entries, High(codes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddHalf(
        byte* code, byte* tableA, byte* tableB, ref Vector256<byte> lowA, ref Vector256<byte> highA, ref Vector256<byte> lowB, ref Vector256<byte> highB)
    {
        var codes = Vector256.Load(code);
        var (low, high) = (Low(codes), High(codes));
        var entries = Avx2.BroadcastVector128ToVector256(tableA);
        lowA += Avx2.Shuffle(entries, low);
        highA += Avx2.Shuffle(entries, high);
        entries = Avx2.BroadcastVector128ToVector256(tableB);
        lowB += Avx2.Shuffle(entries, low);
        highB += Avx2.Shuffle(entries, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Low(Vector256<byte> codes) => codes & Vector256.Create((byte)0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> High(Vector256<byte> codes) => Avx2.ShiftRightLogical(codes.AsUInt16(), 4).AsByte() & Vector256.Create((byte)0x0F);

    // Writes the values of half the items of every run; true when one is above the threshold.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Finish(Sums sums, short* scales, PackedLookupQuery* query, short* values)
    {
        var offset = Vector256.Create((short)query->Offset);
        var shift = Vector128.CreateScalar(query->Shift).AsInt16();
        var run0 = Value(sums.LowEven(), offset, shift, scales, values);
        var run1 = Value(sums.LowOdd, offset, shift, scales + 32, values + 32);
        var run2 = Value(sums.HighEven(), offset, shift, scales + 64, values + 64);
        var run3 = Value(sums.HighOdd, offset, shift, scales + 96, values + 96);
        var max = Avx2.Max(Avx2.Max(run0, run1), Avx2.Max(run2, run3));
        return Vector256.GreaterThanAny(max, Vector256.Create((short)query->Threshold));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Value(Vector256<ushort> sums, Vector256<short> offset, Vector128<short> shift, short* scales, short* values)
    {
        var value = Avx2.MultiplyHighRoundScale(Avx2.ShiftLeftLogical(sums.AsInt16() - offset, shift), Vector256.Load(scales));
        value.Store(values);
        return value;
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

    // Sums of the even bytes carry those of the odd bytes in their upper halves until the end: adding is cheaper than masking each time.
    private struct Sums
    {
        public Vector256<ushort> LowOdd;
        public Vector256<ushort> HighOdd;
        private Vector256<ushort> _lowAll;
        private Vector256<ushort> _highAll;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector256<byte> low, Vector256<byte> high)
        {
            _lowAll += low.AsUInt16();
            LowOdd += Avx2.ShiftRightLogical(low.AsUInt16(), 8);
            _highAll += high.AsUInt16();
            HighOdd += Avx2.ShiftRightLogical(high.AsUInt16(), 8);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector256<ushort> LowEven() => _lowAll - Avx2.ShiftLeftLogical(LowOdd, 8);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector256<ushort> HighEven() => _highAll - Avx2.ShiftLeftLogical(HighOdd, 8);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>The scan of the 512-bit variants, which differ in how they look a nibble up and write what they found.</summary>
internal static unsafe class PackedLookup512
{
    private const int RowBytes = PackedLookup.RowBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScanOne<TLookup>(PackedLookupRun* run, PackedLookupQuery* query)
        where TLookup : struct, ILookup512
    {
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

            var sums = default(Sums);
            var code = codes;
            var table = query->Tables;
            var row = 0;
            for (; row + PackedLookup.RowsAByte <= rows; row += PackedLookup.RowsAByte)
            {
                var (low, high) = (Vector512<byte>.Zero, Vector512<byte>.Zero);
                Add<TLookup>(Vector512.Load(code), table, ref low, ref high);
                Add<TLookup>(Vector512.Load(code + RowBytes), table + PackedLookup.Codewords, ref low, ref high);
                Add<TLookup>(Vector512.Load(code + (2 * RowBytes)), table + (2 * PackedLookup.Codewords), ref low, ref high);
                Add<TLookup>(Vector512.Load(code + (3 * RowBytes)), table + (3 * PackedLookup.Codewords), ref low, ref high);
                sums.Add(low, high);
                code += PackedLookup.RowsAByte * RowBytes;
                table += PackedLookup.RowsAByte * PackedLookup.Codewords;
            }

            if (row < rows)
            {
                var (low, high) = (Vector512<byte>.Zero, Vector512<byte>.Zero);
                for (; row < rows; row++, code += RowBytes, table += PackedLookup.Codewords)
                {
                    Add<TLookup>(Vector512.Load(code), table, ref low, ref high);
                }

                sums.Add(low, high);
            }

            found = Finish<TLookup>(sums, run, query, block, scales, found);
        }

        query->Found = found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScanTwo<TLookup>(PackedLookupRun* run, PackedLookupQuery* queries)
        where TLookup : struct, ILookup512
    {
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

            var (sumsA, sumsB) = (default(Sums), default(Sums));
            var code = codes;
            var tableA = queries[0].Tables;
            var tableB = queries[1].Tables;
            for (var row = 0; row < rows;)
            {
                var (lowA, highA, lowB, highB) = (Vector512<byte>.Zero, Vector512<byte>.Zero, Vector512<byte>.Zero, Vector512<byte>.Zero);
                var end = Math.Min(row + PackedLookup.RowsAByte, rows);
                for (; row < end; row++, code += RowBytes, tableA += PackedLookup.Codewords, tableB += PackedLookup.Codewords)
                {
                    var bytes = Vector512.Load(code);
                    Add<TLookup>(bytes, tableA, ref lowA, ref highA);
                    Add<TLookup>(bytes, tableB, ref lowB, ref highB);
                }

                sumsA.Add(lowA, highA);
                sumsB.Add(lowB, highB);
            }

            foundA = Finish<TLookup>(sumsA, run, queries, block, scales, foundA);
            foundB = Finish<TLookup>(sumsB, run, queries + 1, block, scales, foundB);
        }

        queries[0].Found = foundA;
        queries[1].Found = foundB;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLookup>(Vector512<byte> codes, byte* table, ref Vector512<byte> low, ref Vector512<byte> high)
        where TLookup : struct, ILookup512
    {
        var entries = Avx512F.BroadcastVector128ToVector512((uint*)table).AsByte();
        low += TLookup.Low(entries, codes);
        high += TLookup.High(entries, codes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Finish<TLookup>(Sums sums, PackedLookupRun* run, PackedLookupQuery* query, int block, short* scales, int found)
        where TLookup : struct, ILookup512
    {
        var offset = Vector512.Create((short)query->Offset);
        var shift = Vector128.CreateScalar((short)query->Shift);
        var threshold = Vector512.Create((short)query->Threshold);
        var run0 = Value(sums.LowEven(), offset, shift, scales);
        var run1 = Value(sums.LowOdd, offset, shift, scales + 32);
        var run2 = Value(sums.HighEven(), offset, shift, scales + 64);
        var run3 = Value(sums.HighOdd, offset, shift, scales + 96);
        var low = Above(run0, threshold) | (Above(run1, threshold) << 32);
        var high = Above(run2, threshold) | (Above(run3, threshold) << 32);
        if ((low | high) == 0)
        {
            return found;
        }

        var (candidatesLow, candidatesHigh) = PackedLookupHits.Candidates(run, block);
        (low, high) = (low & candidatesLow, high & candidatesHigh);
        return TLookup.Append(query, found, block * PackedLookup.BlockItems, low, high, run0, run1, run2, run3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Value(Vector512<ushort> sums, Vector512<short> offset, Vector128<short> shift, short* scales) =>
        Avx512BW.MultiplyHighRoundScale(Avx512BW.ShiftLeftLogical(sums.AsInt16() - offset, shift), Vector512.Load(scales));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Above(Vector512<short> values, Vector512<short> threshold) =>
        Vector512.GreaterThan(values, threshold).ExtractMostSignificantBits();

    // Sums of the even bytes carry those of the odd bytes in their upper halves until the end: adding is cheaper than masking each time.
    private struct Sums
    {
        public Vector512<ushort> LowOdd;
        public Vector512<ushort> HighOdd;
        private Vector512<ushort> _lowAll;
        private Vector512<ushort> _highAll;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<byte> low, Vector512<byte> high)
        {
            _lowAll += low.AsUInt16();
            LowOdd += Avx512BW.ShiftRightLogical(low.AsUInt16(), 8);
            _highAll += high.AsUInt16();
            HighOdd += Avx512BW.ShiftRightLogical(high.AsUInt16(), 8);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector512<ushort> LowEven() => _lowAll - Avx512BW.ShiftLeftLogical(LowOdd, 8);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector512<ushort> HighEven() => _highAll - Avx512BW.ShiftLeftLogical(HighOdd, 8);
    }
}

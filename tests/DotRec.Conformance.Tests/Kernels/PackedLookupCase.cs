using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>Codes, scales and two queries to scan for, and what plain integer arithmetic finds.</summary>
internal sealed unsafe class PackedLookupCase(int count, int rows)
{
    private const ushort Mark = 0xABCD;
    private readonly byte[] _codes = new byte[count * rows];
    private readonly short[] _scales = new short[PackedLookup.CountBlocks(count) * PackedLookup.BlockItems];
    private readonly int[] _thresholds = new int[2];
    private ulong[]? _allowed;

    public byte[][] Tables { get; } = [new byte[rows * PackedLookup.Codewords], new byte[rows * PackedLookup.Codewords]];

    public int[] Offsets { get; } = new int[2];

    public int[] Shifts { get; } = new int[2];

    /// <param name="count">Items.</param>
    /// <param name="rows">Subspaces.</param>
    /// <param name="selectivity">Share of the items above the threshold.</param>
    /// <param name="filtering">0 no filter, 1 every other item, 2 whole blocks left out.</param>
    /// <param name="seed">Of everything.</param>
    public static PackedLookupCase Random(int count, int rows, double selectivity, int filtering, ulong seed)
    {
        var random = new SeededRandom(seed);
        var lookup = new PackedLookupCase(count, rows);
        foreach (ref var code in lookup._codes.AsSpan())
        {
            code = (byte)random.NextInt(PackedLookup.Codewords);
        }

        foreach (ref var scale in lookup._scales.AsSpan())
        {
            scale = (short)(random.NextInt(2 * short.MaxValue) - short.MaxValue);
        }

        for (var query = 0; query < 2; query++)
        {
            foreach (ref var entry in lookup.Tables[query].AsSpan())
            {
                entry = (byte)random.NextInt(PackedLookup.GreatestEntry + 1);
            }

            lookup.Offsets[query] = PackedLookup.GreatestEntry * rows / 2;
            while (PackedLookup.GreatestEntry * rows << (lookup.Shifts[query] + 1) <= short.MaxValue)
            {
                lookup.Shifts[query]++;
            }
        }

        if (filtering > 0)
        {
            lookup._allowed = new ulong[2 * PackedLookup.CountBlocks(count)];
            for (var word = 0; word < lookup._allowed.Length; word++)
            {
                lookup._allowed[word] = filtering == 1 ? 0x5555_5555_5555_5555 : random.NextInt(4) == 0 ? random.NextBits() : 0;
            }
        }

        lookup.ChooseThresholds(selectivity);
        return lookup;
    }

    public void Check(PackedLookupScanner scanner)
    {
        int[][] expected = [Expected(0), Expected(1)];
        var single = Scan(scanner.One, 0, 1);
        Assert.Equal(expected[0], single[0]);
        Assert.Equal(expected, Scan(scanner.Two, 0, 2));
    }

    private int Value(int query, int item)
    {
        var sum = 0;
        for (var row = 0; row < rows; row++)
        {
            sum += Tables[query][(row * PackedLookup.Codewords) + _codes[(item * rows) + row]];
        }

        return (((sum - Offsets[query]) << Shifts[query]) * _scales[item] + (1 << 14)) >> 15;
    }

    // Item and value in one number, in ascending order of the items.
    private int[] Expected(int query) =>
        [.. from item in Enumerable.Range(0, count)
            where _allowed is null || (_allowed[item >> 6] >> (item & 63) & 1) != 0
            let value = Value(query, item)
            where value > _thresholds[query]
            select (item << 16) | (ushort)value];

    private void ChooseThresholds(double selectivity)
    {
        for (var query = 0; query < 2; query++)
        {
            var values = Enumerable.Range(0, count).Select(item => Value(query, item)).OrderDescending().ToArray();
            _thresholds[query] = values[(int)(selectivity * (count - 1))];
        }
    }

    private int[][] Scan(PackedLookupScan scan, int firstQuery, int queries)
    {
        var blocks = PackedLookup.CountBlocks(count);
        var codes = Aligned<byte>(blocks * rows * PackedLookup.RowBytes);
        var scales = Aligned<short>(_scales.Length);
        _scales.CopyTo(new Span<short>(scales, _scales.Length));
        for (var block = 0; block < blocks; block++)
        {
            var first = block * PackedLookup.BlockItems;
            PackedLookup.Pack(
                _codes.AsSpan(first * rows, Math.Min(PackedLookup.BlockItems, count - first) * rows),
                rows,
                new Span<byte>(codes + (block * rows * PackedLookup.RowBytes), rows * PackedLookup.RowBytes));
        }

        var found = new int[queries][];
        fixed (ulong* allowed = _allowed)
        fixed (byte* table0 = Tables[firstQuery], table1 = Tables[1])
        {
            var run = new PackedLookupRun { Codes = codes, Scales = scales, Allowed = allowed, Rows = rows, Count = count };
            var lookups = stackalloc PackedLookupQuery[2];
            for (var query = 0; query < queries; query++)
            {
                lookups[query] = new PackedLookupQuery
                {
                    Tables = query == 0 ? table0 : table1,
                    Positions = Aligned<ushort>(count + PackedLookupQuery.Slack + 1),
                    Values = Aligned<short>(count + PackedLookupQuery.Slack + 1),
                    Offset = Offsets[query],
                    Shift = Shifts[query],
                    Threshold = _thresholds[query],
                    Found = -1,
                };
                (lookups[query].Positions[count + PackedLookupQuery.Slack], lookups[query].Values[count + PackedLookupQuery.Slack]) = (Mark, 1234);
            }

            scan(&run, lookups);
            for (var query = 0; query < queries; query++)
            {
                var lookup = lookups[query];
                Assert.Equal((Mark, 1234), (lookup.Positions[count + PackedLookupQuery.Slack], lookup.Values[count + PackedLookupQuery.Slack]));
                found[query] = new int[lookup.Found];
                for (var i = 0; i < lookup.Found; i++)
                {
                    found[query][i] = (lookup.Positions[i] << 16) | (ushort)lookup.Values[i];
                }

                NativeMemory.AlignedFree(lookup.Positions);
                NativeMemory.AlignedFree(lookup.Values);
            }
        }

        NativeMemory.AlignedFree(codes);
        NativeMemory.AlignedFree(scales);
        return found;
    }

    private static T* Aligned<T>(int length)
        where T : unmanaged => (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, length) * (nuint)sizeof(T), 64);
}

using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>Codes, scales and two queries to scan for, and what plain integer arithmetic finds.</summary>
internal sealed unsafe class PackedLookupCase(int count, int rows)
{
    private readonly byte[] _codes = new byte[count * rows];
    private readonly short[] _scales = new short[PackedLookup.CountBlocks(count) * PackedLookup.BlockItems];
    private readonly int[] _thresholds = new int[2];
    private ulong[]? _allowed;

    public byte[][] Tables { get; } = [new byte[rows * PackedLookup.Codewords], new byte[rows * PackedLookup.Codewords]];

    public int[] Offsets { get; } = new int[2];

    public int[] Shifts { get; } = new int[2];

    /// <param name="count">Items.</param>
    /// <param name="rows">Subspaces.</param>
    /// <param name="selectivity">Share of the items above the threshold; 1 for all of them.</param>
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
                entry = (byte)random.NextInt(PackedLookup.MaxEntry + 1);
            }

            lookup.Offsets[query] = PackedLookup.MaxEntry * rows / 2;
            while (PackedLookup.MaxEntry * rows << (lookup.Shifts[query] + 1) <= short.MaxValue)
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

    public void Check(PackedLookupScanner scanner, Placement placement = Placement.CacheLine)
    {
        int[][] expected = [Expected(0), Expected(1)];
        Assert.Equal(expected[..1], Scan(scanner.One, 1, placement));
        Assert.Equal(expected, Scan(scanner.Two, 2, placement));
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
            _thresholds[query] = selectivity < 1 ? values[(int)(selectivity * (count - 1))] : values[^1] - 1;
        }
    }

    // For the first queries.
    private int[][] Scan(PackedLookupScan scan, int queries, Placement placement)
    {
        using KernelBuffer<byte> codes = new(Pack(), placement), table0 = new(Tables[0], placement), table1 = new(Tables[1], placement);
        using KernelBuffer<short> scales = new(_scales, placement);
        using KernelBuffer<ulong> allowed = new(_allowed, placement);
        using KernelBuffer<ushort> positions0 = Room<ushort>(placement), positions1 = Room<ushort>(placement);
        using KernelBuffer<short> values0 = Room<short>(placement), values1 = Room<short>(placement);
        var run = new PackedLookupRun
        {
            Codes = codes.Pointer,
            Scales = scales.Pointer,
            Allowed = _allowed is null ? null : allowed.Pointer,
            Rows = rows,
            Count = count,
        };
        PackedLookupQuery[] prepared = [Query(0, table0, positions0, values0), Query(1, table1, positions1, values1)];
        using KernelBuffer<PackedLookupQuery> lookups = new(prepared.AsSpan(0, queries), placement);
        scan(&run, lookups.Pointer);
        var found = new int[queries][];
        for (var query = 0; query < queries; query++)
        {
            var lookup = lookups.Values[query];
            found[query] = [.. Enumerable.Range(0, lookup.Found).Select(i => (lookup.Positions[i] << 16) | (ushort)lookup.Values[i])];
        }

        return found;
    }

    private PackedLookupQuery Query(int query, KernelBuffer<byte> tables, KernelBuffer<ushort> positions, KernelBuffer<short> values) => new()
    {
        Tables = tables.Pointer,
        Positions = positions.Pointer,
        Values = values.Pointer,
        Offset = Offsets[query],
        Shift = Shifts[query],
        Threshold = _thresholds[query],
        Found = -1,
    };

    // No more than the contract asks for.
    private KernelBuffer<T> Room<T>(Placement placement)
        where T : unmanaged => new(count + PackedLookupQuery.Slack, placement);

    private byte[] Pack()
    {
        var blocks = new byte[PackedLookup.CountBlocks(count) * rows * PackedLookup.RowBytes];
        for (var first = 0; first < count; first += PackedLookup.BlockItems)
        {
            PackedLookup.Pack(
                _codes.AsSpan(first * rows, Math.Min(PackedLookup.BlockItems, count - first) * rows),
                rows,
                blocks.AsSpan(first / 2 * rows, rows * PackedLookup.RowBytes));
        }

        return blocks;
    }
}

namespace DotRec.Kernels.Tests;

public sealed unsafe class PackedLookupTests
{
    private const int Rows = 2;
    private const short Half = 1 << 14;
    private const short Quarter = 1 << 13;

    private delegate void Scan(PackedLookupRun* run, PackedLookupQuery* queries);

    /// <summary>
    /// One query, two subspaces of which two codewords are used, five items:
    /// <code>
    ///             codeword 0   codeword 1        item    codes   sum of entries     less 18   · 2    · scale
    ///   table 0            0           63           0    1, 1    63 + 27 = 90            72    144    ·  1/2 =  72
    ///   table 1            0           27           1    0, 1     0 + 27 = 27             9     18    ·  1/2 =   9
    ///                                               2    1, 0    63 +  0 = 63            45     90    ·  1/4 =  22.5, upwards: 23
    ///   offset 18, shift 1                         32    0, 0     0 +  0 =  0           −18    −36    ·  1/2 = −18
    ///                                              64    1, 1    63 + 27 = 90            72    144    · −1/2 = −72
    /// </code>
    /// </summary>
    [Fact]
    public void Sums_of_two_codewords_by_hand()
    {
        foreach (var scan in Scans())
        {
            Assert.Equal([(0, 72), (1, 9), (2, 23), (32, -18), (64, -72)], FoundAbove(short.MinValue, scan));
            Assert.Equal([(0, 72), (2, 23)], FoundAbove(9, scan));
            Assert.Equal([], FoundAbove(72, scan));
        }
    }

    /// <summary>Item t is in byte 2t, item 32 + t in byte 2t + 1; those 64 later are in the upper halves, where a 1 counts 16.</summary>
    [Fact]
    public void Bytes_of_a_block_by_hand()
    {
        var block = Block();
        Assert.Equal([1 + 16, 0, 0, 0, 1, 0], block[..6]);
        Assert.Equal([1 + 16, 0, 1, 0, 0, 0], block[PackedLookup.RowBytes..(PackedLookup.RowBytes + 6)]);
        Assert.Equal(4, block.Count(value => value != 0));
    }

    [Fact]
    public void Codes_take_the_place_of_what_was_there_and_leave_their_neighbours()
    {
        var block = Block();
        PackedLookup.Write([6, 9], 64, block);
        PackedLookup.Write([2, 4], 64, block);
        Assert.Equal((2, 4), (PackedLookup.Unpack(block, 64, 0), PackedLookup.Unpack(block, 64, 1)));
        Assert.Equal((1, 1), (PackedLookup.Unpack(block, 0, 0), PackedLookup.Unpack(block, 0, 1)));
    }

    private static byte[] Block()
    {
        var block = new byte[Rows * PackedLookup.RowBytes];
        PackedLookup.Write([1, 1], 0, block);
        PackedLookup.Write([0, 1], 1, block);
        PackedLookup.Write([1, 0], 2, block);
        PackedLookup.Write([0, 0], 32, block);
        PackedLookup.Write([1, 1], 64, block);
        return block;
    }

    private static (int Item, int Value)[] FoundAbove(int threshold, Scan scan)
    {
        var scales = new short[PackedLookup.BlockItems];
        (scales[0], scales[1], scales[2], scales[32], scales[64]) = (Half, Half, Quarter, Half, -Half);
        var tables = new byte[Rows * PackedLookup.Codewords];
        (tables[1], tables[PackedLookup.Codewords + 1]) = (63, 27);
        var positions = new ushort[65 + PackedLookupQuery.Slack];
        var values = new short[65 + PackedLookupQuery.Slack];
        fixed (byte* code = Block(), table = tables)
        fixed (short* scale = scales, value = values)
        fixed (ushort* position = positions)
        {
            // The five items.
            var allowed = stackalloc ulong[] { 0b111 | (1UL << 32), 1 };
            var run = new PackedLookupRun { Codes = code, Scales = scale, Allowed = allowed, Rows = Rows, Count = 65 };
            var query = new PackedLookupQuery { Tables = table, Positions = position, Values = value, Offset = 18, Shift = 1, Threshold = threshold };
            scan(&run, &query);
            return [.. Enumerable.Range(0, query.Found).Select(i => ((int)positions[i], (int)values[i]))];
        }
    }

    private static IEnumerable<Scan> Scans() =>
        from variant in Enum.GetValues<PackedLookupVariant>()
        where PackedLookupKernels.IsSupported(variant)
        select variant switch
        {
            PackedLookupVariant.AdvSimd => PackedLookupAdvSimd.ScanOne,
            PackedLookupVariant.Avx2 => PackedLookupAvx2.ScanOne,
            PackedLookupVariant.Avx512BW => PackedLookupAvx512.ScanOne,
            PackedLookupVariant.Avx512Vbmi => PackedLookupAvx512Vbmi.ScanOne,
            _ => (Scan)PackedLookupPortable.ScanOne,
        };
}

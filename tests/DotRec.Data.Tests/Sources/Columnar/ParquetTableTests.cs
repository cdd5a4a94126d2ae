// The files are tiny: a test that is cancelled between two of them is done anyway.
#pragma warning disable xUnit1051

using System.Diagnostics;
using System.Runtime.InteropServices;
using CsCheck;
using Parquet;
using Parquet.Schema;
using static DotRec.Data.Tests.ParquetBytesOf;

namespace DotRec.Data.Tests;

public class ParquetTableTests
{
    // Physical types.
    private const int BooleanType = 0;
    private const int Int32Type = 1;
    private const int Int64Type = 2;
    private const int Int96Type = 3;
    private const int BytesType = 6;
    private const int FixedType = 7;

    [Fact]
    public async Task Booleans_by_runs_are_read_in_pages_of_both_versions()
    {
        // Five ones, then 0 1 1 0 1 0 0 1 packed from the lowest bit on.
        byte[] runs = [5 << 1, 1, (1 << 1) | 1, 0b1001_0110];
        long[] expected = [1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1];
        await Holds<long>(expected, File(13, 13, BooleanType, Page(13, Runs, Prefixed(runs)), ["v"], 0, Column("v", BooleanType)));
        await Holds<long>(expected, File(13, 13, BooleanType, PageVersion2(13, 0, Runs, [], [], Prefixed(runs)), ["v"], 0, Column("v", BooleanType)));

        // With every third missing: definition levels 1 1 0 1 1 0 1 1.
        byte[] levels = [(1 << 1) | 1, 0b1101_1011];
        var some = await Read<double>(File(8, 8, BooleanType, PageVersion2(8, 2, Runs, levels, [], Prefixed(3 << 1, 1, 3 << 1, 0)), ["v"], 0, Column("v", BooleanType, Optional)));
        Assert.Equal([1, 1, double.NaN, 1, 0, double.NaN, 0, 0], some.Values.ToArray());
    }

    [Fact]
    public async Task Half_floats_and_decimals_and_times_of_every_unit_are_read()
    {
        byte[] halves = [.. Little((Half)1.5f), .. Little(Half.NegativeInfinity)];
        await Holds<float>([1.5f, float.NegativeInfinity], One(2, FixedType, halves, 2, Logical(15)));

        await Holds<double>([17.25, -0.01], One(2, Int32Type, Little(1725, -1), 0, Converted(5, scale: 2)));
        await Holds<double>([17.0, 18], One(2, FixedType, [0, 0, 0x06, 0xA4, 0, 0, 0x07, 0x08], 4, Logical(5, scale: 2)));
        await Holds<long>([-1L, 300], One(2, FixedType, [0xFF, 0xFF, 0xFF, 0x00, 0x01, 0x2C], 3, Logical(5)));
        await Holds<string>(["18446744073709551616"], One(1, FixedType, [0x01, 0, 0, 0, 0, 0, 0, 0, 0], 9, Logical(5)));

        await Holds<double>([1511602859.5, 7], One(2, Int64Type, Little(1511602859500L, 7000), 0, Converted(9)));
        await Holds<long>([1511602859L, 7], One(2, Int64Type, Little(1511602859000L, 7000), 0, Converted(9)));
        await Holds<double>([1511602859.500001], One(1, Int64Type, Little(1511602859500001L), 0, Converted(10)));
        var nanoseconds = Logical(8, time => time.Flag(1, true).Structure(2, unit => unit.Structure(3, _ => { })));
        await Holds<double>([1511602859.5], One(1, Int64Type, Little(1511602859500000000L), 0, nanoseconds));
        await Holds<double>([-0.25], One(1, Int64Type, Little(-250L), 0, Converted(9)));
        await Holds<long>([86400L * 19000], One(1, Int32Type, Little(19000), 0, Converted(6)));

        // Half past midnight, and a hundredth, on the second day of 1970.
        byte[] former = [.. Little(1800_010_000_000L), .. Little(2_440_589)];
        await Holds<double>([86400 + 1800.01], One(1, Int96Type, former, 0, null));
    }

    [Fact]
    public async Task Unsigned_integers_are_what_they_are()
    {
        await Holds<long>([4294967295L], One(1, Int32Type, Little(-1), 0, Converted(13)));
        await Holds<string>(["18446744073709551615", "7"], One(2, Int64Type, Little(-1L, 7), 0, Converted(14)));
        await Holds<long>([5L, 7], One(2, Int64Type, Little(5L, 7), 0, Logical(10, integer => integer.Flag(2, false))));
    }

    [Fact]
    public async Task Lists_are_read_in_every_form()
    {
        // [1, 2], [], [3]: levels 1 1 0 1, repetitions 0 1 0 0.
        byte[] body = [.. Prefixed(4 << 1 >> 3 << 1 | 1, 0b0010), .. Prefixed(3, 0b1011), .. Little(1, 2, 3)];
        body = [.. Prefixed(3, 0b0010), .. body[6..]];
        var page = Page(4, Plain, body);
        Action<ThriftWriter>[][] schemas =
        [
            [Column("v", Int32Type, Repeated)],
            [Group("v", Required, Converted(3)), Column("element", Int32Type, Repeated)],
            [Group("v", Required), Column("array", Int32Type, Repeated)],
        ];
        foreach (var schema in schemas)
        {
            var lists = await Read<long>(File(3, 4, Int32Type, page, schema.Length == 1 ? ["v"] : schema.Length == 2 && schema == schemas[1] ? ["v", "element"] : ["v", "array"], 0, schema));
            Assert.Equal("1 2||3", string.Join('|', Enumerable.Range(0, 3).Select(row => string.Join(' ', lists.Row(row).ToArray()))));
        }

        // The same of three levels, where all may be missing: [1, missing], none, [], [3] have levels 3 2 0 1 3.
        body = [.. Prefixed(3, 0b00010), .. Prefixed(5, 0b01_00_10_11, 0b11), .. Little(1, 3)];
        var three = await Read<double>(File(
            4, 5, Int32Type, Page(5, Plain, body), ["v", "list", "element"], 0,
            Group("v", Optional, Logical(3)), Group("list", Repeated), Column("element", Int32Type, Optional)));
        Assert.Equal([1, double.NaN], three.Row(0).ToArray());
        Assert.True(three.Row(1).IsEmpty && three.Row(2).IsEmpty);
        Assert.Equal([3.0], three.Row(3).ToArray());
    }

    [Fact]
    public async Task Missing_integers_that_no_double_holds_are_texts_and_columns_without_values_are_empty()
    {
        var large = await Read<string>(File(2, 2, Int64Type, Page(2, Plain, [.. Prefixed(3, 0b01), .. Little(9007199254740993L)]), ["v"], 0, Column("v", Int64Type, Optional)));
        Assert.Equal(["9007199254740993", ""], large.Values.ToArray());
        var none = await Read<double>(File(3, 3, Int32Type, Page(3, Plain, Prefixed(3 << 1, 0)), ["v"], 0, Column("v", Int32Type, Optional)));
        Assert.Equal([double.NaN, double.NaN, double.NaN], none.Values.ToArray());
        var unknown = await Read<string>(File(3, 3, Int32Type, Page(3, Plain, Prefixed(3 << 1, 0)), ["v"], 0, Column("v", Int32Type, Optional, meaning: Logical(11))));
        Assert.Equal(["", "", ""], unknown.Values.ToArray());
    }

    [Fact]
    public async Task Row_groups_that_find_different_types_agree_on_the_widest()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "f.parquet");
        var schema = new ParquetSchema(new DataField("n", typeof(long?)));
        await Write(path, schema, new ParquetOptions(), async writer =>
        {
            foreach (var values in (long?[][])[[1, 2], [3, null]])
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<long>(schema.DataFields[0], values);
            }
        });
        var whole = await ParquetFile.ReadAsync(path);
        Assert.Equal([1, 2, 3, double.NaN], whole.Get<double>("n").Values.ToArray());
        await foreach (var group in ParquetFile.ReadRowGroupsAsync(path))
        {
            Assert.Equal(ColumnType.Float64, group.Schema[0].Type);
        }
    }

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Lz4Raw)]
    [InlineData(CompressionMethod.Zstd)]
    public async Task What_another_writer_wrote_is_read_whatever_the_compression_and_the_encoding(CompressionMethod compression)
    {
        using var folder = new TemporaryFolder();
        var number = 0;
        var schema = new ParquetSchema(
            new DataField("i", typeof(long?)), new DataField<int>("j"), new DataField("t", typeof(string)), new DataField("x", typeof(double?)), new DataField<bool>("b"));
        await Gen.Select(Gen.Int[1, 400], Gen.Int[1, 30], Gen.Bool).SelectMany((rows, distinct, dictionary) => Gen.Select(
            Gen.Int[0, distinct].Select(v => v == 0 ? (long?)null : v * 1_000_003L).Array[rows], Gen.Int[-distinct, distinct].Array[rows],
            Gen.Int[0, distinct].Select(v => v == 0 ? null : "text " + v).Array[rows], Gen.Int[0, distinct].Select(v => v == 0 ? (double?)null : v / 7.0).Array[rows], Gen.Bool.Array[rows],
            Gen.Const(dictionary))).SampleAsync(async (i, j, t, x, b, dictionary) =>
        {
            var path = Path.Combine(folder.Path, $"{Interlocked.Increment(ref number)}.parquet");
            var options = new ParquetOptions { CompressionMethod = compression };
            foreach (var name in (string[])["i", "j", "t"])
            {
                options.ColumnEncodingHints[name] = dictionary ? EncodingHint.Dictionary : name == "t" ? EncodingHint.Default : EncodingHint.DeltaBinaryPacked;
            }

            await Write(path, schema, options, async writer =>
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<long>(schema.DataFields[0], i);
                await group.WriteAsync<int>(schema.DataFields[1], j);
                await group.WriteAsync(schema.DataFields[2], t!);
                await group.WriteAsync<double>(schema.DataFields[3], x);
                await group.WriteAsync<bool>(schema.DataFields[4], b);
            });
            var data = await ParquetFile.ReadAsync(path);
            Assert.Equal(i.Select(value => value ?? double.NaN), ((Column<double>)data["i"].ConvertTo(ColumnType.Float64)).Values.ToArray());
            Assert.Equal(j.Select(value => (long)value), data.Get<long>("j").Values.ToArray());
            Assert.Equal(t.Select(value => value ?? ""), data.Get<string>("t").Values.ToArray());
            Assert.Equal(x.Select(value => value ?? double.NaN), data.Get<double>("x").Values.ToArray());
            Assert.Equal(b.Select(value => value ? 1L : 0), data.Get<long>("b").Values.ToArray());
        }, iter: 40);
    }

    [Fact]
    public void Blocks_of_lz4_come_back() => Gen.Select(Gen.Byte[0, 3].Array[0, 2000], Gen.Int[1, 60]).Sample((bytes, _) =>
    {
        // Literals alone are a block, too: what copies do is held to the other writer's blocks above.
        var block = new List<byte> { (byte)(Math.Min(15, bytes.Length) << 4) };
        for (var rest = bytes.Length - 15; rest >= 0; rest -= 255)
        {
            block.Add((byte)Math.Min(255, rest));
        }

        var target = new byte[bytes.Length];
        Assert.Equal(bytes.Length, Lz4Block.Decompress([.. block, .. bytes], target));
        Assert.Equal(bytes, target);
        Assert.True(bytes.Length == 0 || Lz4Block.Decompress([.. block, .. bytes], target.AsSpan(1)) == -1);
    });

    [Fact]
    public void Integers_written_as_differences_come_back()
    {
        // Two values, 7 and 5, of one block of 128 in four parts: −2 is the least difference, so all packed ones have width 0.
        byte[] bytes = [0x80, 1, 4, 2, 14, 3, 0, 0, 0, 0];
        Span<long> values = stackalloc long[2];
        Assert.Equal(bytes.Length, ParquetDeltas.Read(bytes, values));
        Assert.Equal([7L, 5], values.ToArray());
        var three = new long[3];
        Assert.Throws<InvalidDataException>(() => ParquetDeltas.Read(bytes, three));
    }

    [Fact]
    public async Task Columns_that_no_feature_column_holds_matter_only_where_they_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "f.parquet");
        var schema = new ParquetSchema(new DataField<int>("n"), new StructField("place", new DataField<int>("x"), new DataField<int>("y")));
        await Write(path, schema, new ParquetOptions(), async writer =>
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>((DataField)schema.Fields[0], new[] { 1, 2 });
            foreach (var part in ((StructField)schema.Fields[1]).Fields)
            {
                await group.WriteAllPartsAsync<int>((DataField)part, new[] { 1, 2 }, new[] { 1, 1 }, null, default);
            }
        });
        var chosen = await ParquetFile.ReadAsync(path, ["n"]);
        Assert.Equal([1L, 2], chosen.Get<long>("n").Values.ToArray());

        var notes = new List<string>();
        await using var table = await ParquetTable.OpenAsync(path, System.IO.File.OpenRead(path), default);
        Assert.Equal("n: Int64", string.Join(", ", (await ParquetFile.ReadAsync(table, columns: null, notes.Add, default)).Schema));
        Assert.Equal(["column 'place' is left out: it holds structures, maps or lists of lists, which no feature column can."], notes);
    }

    [Fact]
    public async Task Every_altered_byte_of_a_small_file_gives_rows_or_one_sentence_at_once()
    {
        using var folder = new TemporaryFolder();
        foreach (var whole in await SmallFiles(folder))
        {
            for (var at = 0; at < whole.Length; at++)
            {
                foreach (var change in (byte[])[1, 4, 16, 64, 128, 0x7F, 0xFF])
                {
                    var bytes = (byte[])whole.Clone();
                    bytes[at] ^= change;
                    var clock = Stopwatch.StartNew();
                    try
                    {
                        await using var table = await ParquetTable.OpenAsync("f.parquet", new MemoryStream(bytes), default);
                        await ParquetFile.ReadAsync(table, columns: null, _ => { }, default);
                    }
                    catch (DataFormatException error)
                    {
                        Assert.StartsWith("f.parquet: ", error.Message);
                    }

                    Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"byte {at} changed by {change} took {clock.Elapsed}");
                }
            }
        }
    }

    [Fact]
    public async Task A_file_that_claims_more_than_its_bytes_can_hold_is_refused_before_memory_is_taken()
    {
        var error = await Assert.ThrowsAsync<DataFormatException>(() => Read<long>(File(int.MaxValue, int.MaxValue, Int64Type, Page(1, Plain, Little(1L)), ["v"], 0, Column("v", Int64Type))));
        Assert.Contains("it says that column 'v' has 2147483647 values in", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<DataFormatException>(() => Read<long>(File(1, 1, Int64Type, Page(1, Plain, Little(1L), int.MaxValue), ["v"], 1, Column("v", Int64Type))));
        Assert.Contains("a page of 1 values has 2147483647 bytes", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<byte[]>> SmallFiles(TemporaryFolder folder)
    {
        var files = new List<byte[]>
        {
            File(13, 13, BooleanType, Page(13, Runs, Prefixed(5 << 1, 1, 3, 0x96)), ["v"], 0, Column("v", BooleanType)),
            File(4, 5, Int32Type, Page(5, Plain, [.. Prefixed(3, 0b00010), .. Prefixed(5, 0b01_00_10_11, 0b11), .. Little(1, 3)]), ["v", "list", "element"], 0, Group("v", Optional, Logical(3)), Group("list", Repeated), Column("element", Int32Type, Optional)),
            File(3, 3, BytesType, [.. Dictionary(2, [.. Prefixed("ab"u8.ToArray()), .. Prefixed("c"u8.ToArray())]), .. Page(3, 8, [1, 3, 0b101])], ["v"], 0, Column("v", BytesType, meaning: Converted(0))),
            File(2, 2, Int64Type, Page(2, 5, [0x80, 1, 4, 2, 14, 3, 0, 0, 0, 0]), ["v"], 0, Column("v", Int64Type)),
        };
        var schema = new ParquetSchema(new DataField("i", typeof(long?)), new DataField("t", typeof(string)), new ListField("l", new DataField("element", typeof(float?))));
        foreach (var compression in (CompressionMethod[])[CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Zstd, CompressionMethod.Lz4Raw, CompressionMethod.Brotli])
        {
            var path = Path.Combine(folder.Path, $"{compression}.parquet");
            await Write(path, schema, new ParquetOptions { CompressionMethod = compression }, async writer =>
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<long>(schema.DataFields[0], new long?[] { 1, null, 3, 3, 3, 3, 3, 3 });
                await group.WriteAsync(schema.DataFields[1], ["a", "b", "a", null!, "a", "b", "a", "a"]);
                await group.WriteAllPartsAsync<float>(schema.DataFields[2], new float[] { 9, 8 }, new[] { 3, 2, 0, 1, 3, 0, 0, 0, 0 }, new[] { 0, 1, 0, 0, 0, 0, 0, 0, 0 }, default);
            });
            files.Add(await System.IO.File.ReadAllBytesAsync(path));
        }

        return files;
    }

    private static async Task Write(string path, ParquetSchema schema, ParquetOptions options, Func<ParquetWriter, Task> write)
    {
        var file = System.IO.File.Create(path);
        await using (file)
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, file, options);
            await write(writer);
        }
    }

    private static byte[] One(int rows, int type, byte[] body, int length, Action<ThriftWriter>? meaning) =>
        File(rows, rows, type, Page(rows, Plain, body), ["v"], 0, Column("v", type, Required, length, meaning));

    private static async Task Holds<T>(T[] expected, byte[] file)
        where T : notnull
    {
        var column = await Read<T>(file);
        Assert.Equal(expected, column.Values.ToArray());
    }

    private static async Task<Column<T>> Read<T>(byte[] file)
        where T : notnull
    {
        await using var table = await ParquetTable.OpenAsync("f.parquet", new MemoryStream(file), default);
        return (await ParquetFile.ReadAsync(table, columns: null, note: null, default)).Get<T>("v");
    }

    private static byte[] Little<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}

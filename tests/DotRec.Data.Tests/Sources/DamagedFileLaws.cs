using System.Globalization;
using System.IO.Compression;
using System.Text;
using Parquet;
using Parquet.Schema;
using static DotRec.Data.Tests.ParquetBytesOf;

namespace DotRec.Data.Tests;

/// <summary>Files that were damaged, or made to do harm, are read or refused, in bounded time and memory.</summary>
[Collection(nameof(DamagedFileLaws))]
public sealed class DamagedFileLaws : IDisposable
{
    // A table takes some tens of bytes for each that a text has for it, and a Parquet file may hold rows of no bytes.
    private const long FreeBytes = 64 << 20;
    private const long BytesAByte = 4096;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("table.csv")]
    [InlineData("quoted.tsv")]
    [InlineData("wide.csv")]
    [InlineData("latin.csv")]
    [InlineData("table.csv.gz")]
    [InlineData("table.zip")]
    [InlineData("rows.json")]
    [InlineData("rows.jsonl")]
    [InlineData("none.parquet")]
    [InlineData("snappy.parquet")]
    [InlineData("gzip.parquet")]
    [InlineData("brotli.parquet")]
    [InlineData("zstd.parquet")]
    [InlineData("lz4.parquet")]
    [InlineData("dictionary.parquet")]
    [InlineData("lists.parquet")]
    [InlineData("deltas.parquet")]
    [InlineData("runs.parquet")]
    public async Task A_damaged_table_is_read_or_refused(string name)
    {
        var valid = await ValidAsync(name);
        Assert.True(TryRead(_folder.Write(name, valid)), name);
        var damage = new Damage((ulong)name.Length * 7919);
        var (read, refused) = (0, 0);
        for (var trial = Damage.Trials(150); trial > 0; trial--)
        {
            var bytes = damage.Of(valid);
            var path = _folder.Write(name, bytes);
            try
            {
                _ = Damage.Holds(bytes.Length, BytesAByte, FreeBytes, () => TryRead(path)) ? read++ : refused++;
            }
            catch (Exception broken)
            {
                Assert.Fail($"Trial {trial} of {name}: {broken.GetBaseException()}\n{Convert.ToBase64String(bytes)}");
            }
        }

        Assert.True(read + refused > 0 && refused >= (name.EndsWith("csv", StringComparison.Ordinal) ? 0 : 1), $"{read} read, {refused} refused");
    }

    [Fact]
    public void Damaged_vectors_as_text_are_read_or_refused()
    {
        var valid = Encoding.UTF8.GetBytes("3 4\n" + string.Concat(Enumerable.Range(0, 3).Select(i => $"word{i} 1.5 -2 3e-3 {i}\n")));
        var damage = new Damage(11);
        for (var trial = Damage.Trials(150); trial > 0; trial--)
        {
            var bytes = damage.Of(valid);
            var path = _folder.Write("vectors.txt", bytes);
            Damage.Holds(bytes.Length, BytesAByte, FreeBytes, () => Tried(() => _ = EmbeddingText.Read(path)));
        }
    }

    [Fact]
    public async Task Row_groups_that_share_their_pages_are_refused()
    {
        // A megabyte of pages, and a thousand row groups that all claim them.
        var whole = File(4, 4, 1, Page(4, Plain, new byte[16]), ["v"], 0, Column("v", 1));
        var pages = Page(1 << 18, Plain, new byte[1 << 20]);
        var footer = ThriftWriter.Structure(file => file
            .Int32(1, 1)
            .Structures(2, [root => root.Text(4, "schema").Int32(5, 1), Column("v", 1)])
            .Integer(3, 1 << 18)
            .Structures(4, [.. Enumerable.Repeat<Action<ThriftWriter>>(group => group
                .Structures(1, chunk => chunk.Integer(2, 4).Structure(3, data => data
                    .Int32(1, 1).Texts(3, ["v"]).Int32(4, 0).Integer(5, 1 << 18).Integer(6, pages.Length).Integer(7, pages.Length).Integer(9, 4)))
                .Integer(2, pages.Length).Integer(3, 1 << 18), 1000)]));
        byte[] bytes = [.. "PAR1"u8, .. pages, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
        Assert.True(TryRead(_folder.Write("whole.parquet", whole)));
        Assert.Contains("more than its", await RefusedAsync("shared.parquet", bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_footer_of_many_columns_is_read_in_time_that_grows_with_it()
    {
        // 50,000 columns: looking each up among all would take some thousand million comparisons of names; a name of a megabyte above them, that of its paths.
        const int Columns = 50_000;
        var names = Enumerable.Range(0, Columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}")).ToArray();
        byte[] File(params Action<ThriftWriter>[] schema)
        {
            var footer = ThriftWriter.Structure(file => file.Int32(1, 1).Structures(2, schema).Integer(3, 0));
            return [.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
        }

        Action<ThriftWriter>[] leaves = [.. names.Select(name => Column(name, 1))];
        var flat = File([root => root.Text(4, "schema").Int32(5, Columns), .. leaves]);
        var path = _folder.Write("flat.parquet", flat);
        Assert.True(Damage.Holds(flat.Length, BytesAByte, FreeBytes, () => TryRead(path)));
        var nested = File([root => root.Text(4, "schema").Int32(5, 1), group => group.Int32(3, 0).Text(4, new string('x', 1 << 20)).Int32(5, Columns), .. leaves]);
        path = _folder.Write("nested.parquet", nested);
        Assert.False(Damage.Holds(nested.Length, 256, FreeBytes, () => TryRead(path)));
        Assert.Contains("there is no column to read", await RefusedAsync("nested.parquet", nested), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_that_repeat_a_long_beginning_are_refused_before_they_fill_the_memory()
    {
        // DELTA_BYTE_ARRAY: a text of a megabyte, and a hundred thousand that begin with all of it.
        const int Count = 100_000;
        byte[] Deltas(int first, long step) =>
            [.. Varint(128), .. Varint(4), .. Varint(Count), .. Zigzag(first), .. Enumerable.Range(0, (Count + 126) / 128).SelectMany(block => (byte[])[.. Zigzag(block == 0 ? step : 0), 0, 0, 0, 0])];
        byte[] body = [.. Deltas(0, 8192), .. Deltas(1 << 20, -8192), .. new byte[1 << 20]];
        Assert.Contains("cannot be read as Parquet", await RefusedAsync("texts.parquet", File(Count, Count, 6, Page(Count, 7, body), ["v"], 0, Column("v", 6, meaning: Converted(0)))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_inflates_without_need_is_refused()
    {
        // One number, and behind it 64 MiB of nothing that a few kilobytes stand for.
        var inflated = new byte[64 << 20];
        var compressed = new byte[1 << 16];
        Assert.True(BrotliEncoder.TryCompress(inflated, compressed, out var length, quality: 5, window: 22));
        byte[] page =
        [
            .. ThriftWriter.Structure(page => page.Int32(1, 0).Int32(2, inflated.Length).Int32(3, length)
                .Structure(5, header => header.Int32(1, 1).Int32(2, Plain).Int32(3, Runs).Int32(4, Runs))),
            .. compressed.AsSpan(0, length),
        ];
        Assert.Contains("a page of 1 values has 67108864 bytes", await RefusedAsync("bomb.parquet", File(1, 1, 2, page, ["v"], 4, Column("v", 2))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snappy_page_whose_length_no_number_holds_is_refused()
    {
        byte[] page = [.. ThriftWriter.Structure(page => page.Int32(1, 0).Int32(2, 8).Int32(3, 6).Structure(5, header => header.Int32(1, 1).Int32(2, Plain).Int32(3, Runs).Int32(4, Runs))), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        Assert.Contains("a page cannot be decompressed", await RefusedAsync("snappy.parquet", File(1, 1, 2, page, ["v"], 1, Column("v", 2))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snappy_page_that_claims_another_length_than_its_header_takes_no_memory()
    {
        // A number of eight bytes, said to be a gigabyte.
        byte[] page = [.. ThriftWriter.Structure(page => page.Int32(1, 0).Int32(2, 8).Int32(3, 14).Structure(5, header => header.Int32(1, 1).Int32(2, Plain).Int32(3, Runs).Int32(4, Runs))), .. Varint(1 << 30), 7 << 2, .. new byte[8]];
        Assert.Contains("a page has not the length that its header says", await RefusedAsync("snappy.parquet", File(1, 1, 2, page, ["v"], 1, Column("v", 2))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_that_share_no_property_are_refused_before_their_table_is_the_square_of_the_file()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"p{i}\":1}}\n"));
        Assert.Contains("Is a property's name what should be a value?", await RefusedAsync("sparse.jsonl", Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\": \"\\ud800\"}")]
    [InlineData("{\"\\udc00\": 1}")]
    [InlineData("[{\"a\": [\"x\", \"\\udfff \"]}]")]
    public async Task Half_characters_in_JSON_are_refused(string text) =>
        Assert.Contains("half a character", await RefusedAsync("half.json", Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    [Fact]
    public void Data_that_inflates_beyond_memory_and_reason_is_refused()
    {
        using var bomb = new CheckedStream("bomb.csv.gz", new MemoryStream(new byte[4000]), compressedLength: 10, memory: 1000);
        var read = Record.Exception(() => bomb.CopyTo(Stream.Null));
        Assert.Contains("found more than 2000 bytes after decompression", Assert.IsType<DataFormatException>(read).Message, StringComparison.Ordinal);
        using var table = new CheckedStream("table.csv.gz", new MemoryStream(new byte[4000]), compressedLength: 20, memory: 1000);
        table.CopyTo(Stream.Null);
    }

    [Theory]
    [InlineData("pipe.csv")]
    [InlineData("pipe.csv.gz")]
    [InlineData("pipe.parquet")]
    [InlineData("pipe.zip")]
    [InlineData("pipe.json")]
    public async Task Pipes_are_refused_at_once(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Named pipes lie in folders on Unix only.");
        var path = NamedPipe.Create(_folder[name]);
        var reading = Task.Run(() => TableFile.ReadAsync(path), TestContext.Current.CancellationToken);
        Assert.Same(reading, await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)));
        Assert.Contains("is a pipe, a device or a socket; a file was expected.", (await Assert.ThrowsAnyAsync<IOException>(() => reading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_stays_open_when_reading_fails()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process has open.");
        foreach (var name in new[] { "a.csv", "a.csv.gz", "a.zip", "a.zip/inner.csv", "a.parquet", "a.json", "a.pq", "b.tsv" })
        {
            if (!name.Contains('/', StringComparison.Ordinal))
            {
                _folder.Write(name, "\"not closed\n\u0001\u0002PK");
            }

            Assert.False(TryRead(_folder[name]), name);
            Assert.Empty(OpenDescriptors.Below(_folder.Path));
        }
    }

    private static bool TryRead(string path) => Tried(() => _ = TableFile.ReadAsync(path).GetAwaiter().GetResult());

    private static bool Tried(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (DataFormatException refused)
        {
            Assert.NotEmpty(refused.Message);
            return false;
        }
    }

    private async Task<string> RefusedAsync(string name, byte[] bytes)
    {
        var path = _folder.Write(name, bytes);
        DataFormatException? refused = null;
        Damage.Holds(bytes.Length, BytesAByte, FreeBytes, () => (refused = Record.Exception(() => TableFile.ReadAsync(path).GetAwaiter().GetResult()) as DataFormatException) is null);
        await Task.CompletedTask;
        return Assert.IsType<DataFormatException>(refused).Message;
    }

    private async Task<byte[]> ValidAsync(string name)
    {
        var rows = Enumerable.Range(0, 60);
        var text = "user,item,price,when,name\n" + string.Concat(rows.Select(i => FormattableString.Invariant($"{i % 7},{i},{i * 0.5},2024-01-{(i % 28) + 1:00},n{i % 5}\n")));
        switch (name)
        {
            case "table.csv":
                return Encoding.UTF8.GetBytes(text);
            case "quoted.tsv":
                return Encoding.UTF8.GetBytes("a\tb\n" + string.Concat(rows.Select(i => $"\"q\"\"{i}\n\"\t\"x\"\n")));
            case "wide.csv":
                return Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 300).Select(i => $"c{i}")) + "\n" + string.Join(',', Enumerable.Range(0, 300)) + "\n");
            case "latin.csv":
                return [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)];
            case "table.csv.gz":
                using (var memory = new MemoryStream())
                {
                    await using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
                    {
                        gzip.Write(Encoding.UTF8.GetBytes(text));
                    }

                    return memory.ToArray();
                }

            case "table.zip":
                using (var memory = new MemoryStream())
                {
                    using (var zip = new ZipArchive(memory, ZipArchiveMode.Create))
                    {
                        await using var entry = await zip.CreateEntry("table.csv").OpenAsync();
                        entry.Write(Encoding.UTF8.GetBytes(text));
                    }

                    return memory.ToArray();
                }

            case "rows.json":
                return Encoding.UTF8.GetBytes("[" + string.Join(',', rows.Select(i => $"{{\"id\":{i},\"tags\":[\"a\",null],\"x\":{(i % 3 == 0 ? "null" : "1.5")}}}")) + "]");
            case "rows.jsonl":
                return Encoding.UTF8.GetBytes(string.Concat(rows.Select(i => $"{{\"id\":{i},\"ok\":{(i % 2 == 0 ? "true" : "false")}}}\n")));
            case "lists.parquet":
                var path = _folder["written.parquet"];
                await ParquetFile.WriteAsync(
                    new FeatureBatch(new Column<string>("tags", [.. rows.Select(i => $"t{i % 4}")], [0, 10, 10, 60]), new Column<float>("x", [1, 2, 3])), path);
                return await System.IO.File.ReadAllBytesAsync(path);
            case "deltas.parquet":
                byte[] deltas = [.. Varint(128), .. Varint(4), .. Varint(5), .. Zigzag(7), .. Zigzag(1), 2, 0, 0, 0, 0b11_10_01_00, .. new byte[7]];
                return File(5, 5, 2, Page(5, 5, deltas), ["v"], 0, Column("v", 2));
            case "runs.parquet":
                return File(8, 8, 0, PageVersion2(8, 2, Runs, [(1 << 1) | 1, 0b1101_1011], [], Prefixed(3 << 1, 1, 3 << 1, 0)), ["v"], 0, Column("v", 0, Optional));
            default:
                return await ParquetAsync(name.Split('.')[0]);
        }
    }

    private static async Task<byte[]> ParquetAsync(string kind)
    {
        using var memory = new MemoryStream();
        var (number, real, text) = (new DataField<long?>("number"), new DataField<double>("real"), new DataField<string>("text"));
        var options = new ParquetOptions
        {
            CompressionMethod = kind switch
            {
                "snappy" or "dictionary" => CompressionMethod.Snappy,
                "gzip" => CompressionMethod.Gzip,
                "brotli" => CompressionMethod.Brotli,
                "zstd" => CompressionMethod.Zstd,
                "lz4" => CompressionMethod.Lz4Raw,
                _ => CompressionMethod.None,
            },
        };
        if (kind == "dictionary")
        {
            options.ColumnEncodingHints["text"] = EncodingHint.Dictionary;
        }

        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(number, real, text), memory, options))
        {
            for (var part = 0; part < 2; part++)
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<long>(number, Enumerable.Range(0, 50).Select(i => i % 7 == 0 ? (long?)null : i).ToArray());
                await group.WriteAsync<double>(real, Enumerable.Range(0, 50).Select(i => i * 0.25).ToArray());
                await group.WriteAsync(text, Enumerable.Range(0, 50).Select(i => $"text {i % 6}").ToArray());
            }
        }

        return memory.ToArray();
    }

    private static byte[] Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 128; value >>= 7)
        {
            bytes.Add((byte)(value | 128));
        }

        return [.. bytes, (byte)value];
    }
}

/// <summary>What measures the memory of the whole process runs alone.</summary>
[CollectionDefinition(nameof(DamagedFileLaws), DisableParallelization = true)]
public sealed class DamagedFileLawsCollection;

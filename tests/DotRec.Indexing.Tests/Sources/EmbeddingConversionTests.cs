using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace DotRec.Indexing.Tests;

public sealed class EmbeddingConversionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_float16_is_exact(bool compressed)
    {
        // All 65,536 of them, over more than one block and with a row that straddles two.
        var values = Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Append(Half.One).Append((Half)2).ToArray();
        using var source = EmbeddingSource.Open(Write("h", "<f2", values, 6, compressed));
        Assert.Equal((values.Length / 6, 6), (source.Count, source.Dimension));
        for (var row = 0; row < source.Count; row++)
        {
            Assert.Equal(values[(6 * row)..(6 * (row + 1))].Select(value => (float)value), source.Row(row).ToArray());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_float64_is_rounded_to_the_nearest_float32(bool compressed)
    {
        double[] values =
        [
            0.1, -1.0 / 3, 1 + Math.Pow(2, -24), 1 + Math.Pow(2, -23), 1e-46, -1e-45, float.MaxValue, -float.MaxValue, 1e-300, double.NaN,
            double.PositiveInfinity, -0.0,
        ];
        using var source = EmbeddingSource.Open(Write("d", "<f8", values, 4, compressed));
        Assert.Equal([0.1f, -1f / 3, 1, 1 + MathF.Pow(2, -23)], source.Row(0).ToArray());
        Assert.Equal([0, -float.Epsilon, float.MaxValue, -float.MaxValue], source.Row(1).ToArray());
        Assert.Equal([0, float.NaN, float.PositiveInfinity, 0], source.Row(2).ToArray());
    }

    [Fact]
    public void A_float64_beyond_float32_is_refused_by_row_and_column()
    {
        var values = new double[10_000];
        values[9_998] = -1e39;
        var error = Assert.Throws<ArtifactFormatException>(() => EmbeddingSource.Open(Write("d", "<f8", values, 5, compressed: false)));
        Assert.EndsWith("row 1999, column 3 is -1E+39; float32 ends at 3.4e+38. Scale the values.", error.Message, StringComparison.Ordinal);
        Assert.Equal(128 + (8 * 9_998), error.Offset);
    }

    [Fact]
    public void An_index_of_a_converted_file_is_that_of_its_values()
    {
        var values = Corpus.Clustered(1, 300, 6).Select(value => (Half)value).ToArray();
        using var source = EmbeddingSource.Open(Write("h", "<f2", values, 6, compressed: true));
        using var index = ScannIndex.Build(source, cancellationToken: TestContext.Current.CancellationToken);
        using var same = BruteForceIndex.Build([.. values.Select(value => (float)value)], 6);
        var (row, expected) = (new float[6], new float[6]);
        for (var i = 0; i < 300; i++)
        {
            index.CopyEmbedding(i, row);
            same.CopyEmbedding(i, expected);
            Assert.Equal(expected, row);
        }
    }

    [Theory]
    [InlineData("<f2", 2)]
    [InlineData("<f8", 8)]
    public void Every_cut_of_a_file_is_noticed(string type, int width)
    {
        var whole = File.ReadAllBytes(Write("w", type, new byte[3 * 2 * width], 2 * width, compressed: false));

        // The header speaks of rows of bytes; make it speak of rows of two values.
        Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': (3, 2), }}".PadRight(117)).CopyTo(whole, 10);
        var path = Path.Combine(_folder, "cut.npy");
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<ArtifactFormatException>(() => EmbeddingSource.Open(path));
        }

        File.WriteAllBytes(path, [.. whole, 0]);
        Assert.Throws<ArtifactFormatException>(() => EmbeddingSource.Open(path));
        File.WriteAllBytes(path, whole);
        using var source = EmbeddingSource.Open(path);
        Assert.Equal((3, 2), (source.Count, source.Dimension));
    }

    [Theory]
    [InlineData("<f2")]
    [InlineData("<f4")]
    [InlineData("<f8")]
    public void No_rows_are_no_rows(string type)
    {
        using var source = EmbeddingSource.Open(Write("n", type, Array.Empty<byte>(), 4, compressed: false));
        Assert.Equal((0, 4), (source.Count, source.Dimension));
    }

    private string Write<T>(string name, string type, T[] values, int columns, bool compressed)
        where T : unmanaged
    {
        var head = new byte[128];
        byte[] signature = [0x93, .. "NUMPY"u8, 1, 0, 118, 0];
        signature.CopyTo(head, 0);
        Encoding.ASCII.GetBytes(
            $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({values.Length / columns}, {columns}), }}".PadRight(117) + "\n").CopyTo(head, 10);
        var path = Path.Combine(_folder, name + (compressed ? ".npy.gz" : ".npy"));
        using var file = File.Create(path);
        using Stream stream = compressed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(head);
        stream.Write(MemoryMarshal.AsBytes<T>(values));
        return path;
    }
}

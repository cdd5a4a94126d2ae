using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace DotRec.Indexing.Tests;

public sealed class EmbeddingSourceTests : IDisposable
{
    private static readonly float[] Values = [1, 2, 3, 4, 5, 6];

    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rows_in_memory_are_read_in_place()
    {
        var values = Values.ToArray();
        using var source = EmbeddingSource.From(values.AsMemory(2), 2);
        values[2] = 30;
        Check(source, [30, 4], [5, 6]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void NumPy_files_are_read(byte version)
    {
        using var source = EmbeddingSource.Open(Write("x.npy", Numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", version)));
        Check(source, [1, 2], [3, 4], [5, 6]);
    }

    [Fact]
    public void Fvecs_files_are_read()
    {
        var row = new byte[][] { BitConverter.GetBytes(2), Bytes([1, 2]), BitConverter.GetBytes(2), Bytes([3, 4]) };
        using var source = EmbeddingSource.Open(Write("x.FVECS", [.. row.SelectMany(bytes => bytes)]));
        Check(source, [1, 2], [3, 4]);
    }

    [Fact]
    public void Raw_files_are_read()
    {
        using var source = EmbeddingSource.OpenRaw(Write("x.bin", Bytes(Values)), 3);
        Check(source, [1, 2, 3], [4, 5, 6]);
    }

    [Theory]
    [InlineData(
        "{'descr': '<i4', 'fortran_order': False, 'shape': (3, 2), }",
        "the values are of type '<i4'; expected '<f2', '<f4' or '<f8'. Save with array.astype('<f4').")]
    [InlineData(
        "{'descr': '>f2', 'fortran_order': False, 'shape': (6, 2), }",
        "the values are big-endian ('>f2'); expected little-endian ones. Save with array.astype('<f4').")]
    [InlineData(
        "{'descr': '>f4', 'fortran_order': False, 'shape': (3, 2), }",
        "the values are big-endian ('>f4'); expected little-endian ones. Save with array.astype('<f4').")]
    [InlineData(
        "{'descr': '>f8', 'fortran_order': False, 'shape': (3, 1), }",
        "the values are big-endian ('>f8'); expected little-endian ones. Save with array.astype('<f4').")]
    [InlineData(
        "{'descr': '<f2', 'fortran_order': True, 'shape': (6, 2), }",
        "the array is in Fortran order; rows must be contiguous. Save with numpy.ascontiguousarray(array).")]
    [InlineData(
        "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 1), }",
        "the array is in Fortran order; rows must be contiguous. Save with numpy.ascontiguousarray(array).")]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }",
        "the array is in Fortran order; rows must be contiguous. Save with numpy.ascontiguousarray(array).")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", "expected a shape of two axes (rows, 1 to 1048576 columns).")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 0), }", "expected a shape of two axes (rows, 1 to 1048576 columns).")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 2), }", "expected a shape of two axes (rows, 1 to 1048576 columns).")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2), }", "4 rows of 2 values take 160. It is truncated, or the width is wrong.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 1048576), }", "It is truncated, or the width is wrong.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 2), }", "expected a shape of two axes (rows, 1 to 1048576 columns).")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "expected a shape of two axes (rows, 1 to 1048576 columns).")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2147483647, 1048576), }", "It is truncated, or the width is wrong.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 1048576), }", "It is truncated, or the width is wrong.")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (3, 2), }", "3 rows of 2 values take 140. It is truncated, or the width is wrong.")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", "3 rows of 2 values take 176. It is truncated, or the width is wrong.")]
    [InlineData("nonsense", "the values are of type ''; expected '<f2', '<f4' or '<f8'.")]
    public void Other_NumPy_files_are_refused_by_name(string header, string message)
    {
        var error = Assert.Throws<ArtifactFormatException>(() => EmbeddingSource.Open(Write("x.npy", Numpy(header, 1))));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        Refused("the file is empty", Write("a.npy", []));
        Refused("this is no .npy file", Write("b.npy", Bytes(Values)));
        Refused("the header claims 4294967295 bytes", Write("i.npy", [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255, .. Bytes(Values)]));
        Refused("the header claims 65535 bytes", Write("c.npy", [0x93, .. "NUMPY"u8, 1, 0, 255, 255, 0, 0]));
        Refused("the first row claims 0 values", Write("d.fvecs", new byte[12]));
        Refused("the first row claims -1 values", Write("e.fvecs", BitConverter.GetBytes(-1)));
        Refused(
            "row 1 claims 7 values and row 0 claims 1", Write("f.fvecs", [.. BitConverter.GetBytes(1), 0, 0, 0, 0, .. BitConverter.GetBytes(7), 0, 0, 0, 0]));
        Refused("the file has 9 bytes; 1 rows of 1 values take 8.", Write("g.fvecs", [.. BitConverter.GetBytes(1), 0, 0, 0, 0, 9]));
        Assert.Contains(
            "1 rows of 4 values take 16.", Assert.Throws<ArtifactFormatException>(() => EmbeddingSource.OpenRaw(Write("h.bin", Bytes(Values)), 4)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "x.txt is neither .npy nor .fvecs (nor", Assert.Throws<ArgumentException>(() => EmbeddingSource.Open("x.txt")).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => EmbeddingSource.Open(Path.Combine(_folder, "none.npy")));
        Assert.StartsWith(
            "There are 6 values, which is no whole number of rows of 4.", Assert.Throws<ArgumentException>(() => EmbeddingSource.From(Values, 4)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_from_a_file_is_the_build_from_memory()
    {
        var values = Corpus.Clustered(1, 700, 6);
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 20 };
        using var source = EmbeddingSource.OpenRaw(Write("x.bin", Bytes(values)), 6);
        var (fromFile, fromMemory) = (Corpus.Build(source, ScoreFunction.Cosine, options), Corpus.Build(values, 6, options, ScoreFunction.Cosine));
        Assert.Equal(fromMemory.Codes, fromFile.Codes);
        Assert.Equal(fromMemory.Centroids, fromFile.Centroids);
    }

    [Fact]
    public void Compressed_files_are_read()
    {
        using var numpy = EmbeddingSource.Open(Write("x.npy.gz", Compress(Numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", 1))));
        Check(numpy, [1, 2], [3, 4], [5, 6]);
        using var fvecs = EmbeddingSource.Open(Write("x.fvecs.GZ", Compress([.. BitConverter.GetBytes(6), .. Bytes(Values)])));
        Check(fvecs, Values);
    }

    [Fact]
    public void Every_cut_of_a_compressed_file_is_noticed()
    {
        var compressed = Compress(Numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", 1));
        for (var length = 0; length < compressed.Length; length++)
        {
            var path = Write("cut.npy.gz", compressed[..length]);
            Assert.Throws<ArtifactFormatException>(() => EmbeddingSource.Open(path));
        }

        Refused("too few for gzip data", Write("a.npy.gz", [1, 2, 3]));
        Refused("the compressed data is broken", Write("b.npy.gz", Numpy("{}", 1)));
        Refused("the compressed file is empty", Write("c.npy.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Refused("made of several gzip members", Write("d.npy.gz", [.. compressed, .. compressed]));
    }

    [Fact]
    public void A_row_can_be_copied()
    {
        using var source = EmbeddingSource.From(Values, 3);
        var row = new float[3];
        source.CopyRow(1, row);
        Assert.Equal([4, 5, 6], row);
        Assert.StartsWith(
            "The destination has 2 values; a row has 3.", Assert.Throws<ArgumentException>(() => source.CopyRow(0, row.AsSpan(1))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => source.CopyRow(2, row));
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => source.CopyRow(0, row));
    }

    private static byte[] Compress(byte[] bytes)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }

    private static void Refused(string message, string path) =>
        Assert.Contains(message, Assert.Throws<ArtifactFormatException>(() => EmbeddingSource.Open(path)).Message, StringComparison.Ordinal);

    private static void Check(EmbeddingSource source, params float[][] rows)
    {
        Assert.Equal(rows.Length, source.Count);
        Assert.Equal(rows[0].Length, source.Dimension);
        for (var row = 0; row < rows.Length; row++)
        {
            Assert.Equal(rows[row], source.Row(row));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => source.Row(rows.Length).Length);
    }

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();

    private static byte[] Numpy(string header, byte version)
    {
        var start = version == 1 ? 10 : 12;
        var padded = Encoding.Latin1.GetBytes(header.PadRight(128 - start - 1) + "\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)padded.Length) : BitConverter.GetBytes(padded.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. padded, .. Bytes(Values)];
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsCheck;

namespace DotRec.Data.Tests;

public class EmbeddingTextTests
{
    [Fact]
    public void A_name_and_numbers_a_line_are_read()
    {
        var vectors = Read("the 0.5 -1\n\"quoted 2e-3 3\n2008 4 5\n");
        Assert.Equal(["the", "\"quoted", "2008"], vectors.Names);
        Assert.Equal((3, 2), (vectors.Count, vectors.Dimension));
        Assert.Equal([0.5f, -1, 2e-3f, 3, 4, 5], vectors.Values.ToArray());
    }

    [Fact]
    public void Numbers_alone_have_no_names()
    {
        var vectors = Read("1\t2\t3\t\n4\t5\t6\t\n", "v.tsv");
        Assert.Null(vectors.Names);
        Assert.Equal((2, 3), (vectors.Count, vectors.Dimension));
        Assert.Equal([1, 2, 3, 4, 5, 6], vectors.Values.ToArray());
    }

    [Fact]
    public void A_first_line_with_count_and_width_is_no_vector()
    {
        var vectors = Read("2 3\na 1 2 3 \nb 4 5 6 \n");
        Assert.Equal(["a", "b"], vectors.Names);
        Assert.Equal([1, 2, 3, 4, 5, 6], vectors.Values.ToArray());
        Assert.Equal([2, 1], Read("2 1\n").Values.ToArray());
    }

    [Fact]
    public void A_name_may_hold_spaces()
    {
        var vectors = Read("a 1 2\n. . . 3 4\nat name 5 6\n");
        Assert.Equal(["a", ". . .", "at name"], vectors.Names);
        Assert.Equal([1, 2, 3, 4, 5, 6], vectors.Values.ToArray());
    }

    [Theory]
    [InlineData("", ": found an empty file, expected vectors, one a line.")]
    [InlineData("word\n", ", line 1: found 'word' alone, expected a name and at least one number.")]
    [InlineData("a 1 2\nb 3\n", ", line 2: found 1 numbers, expected 2 as in the lines before.")]
    [InlineData("a 1 2\nb 3 4 5\n", ", line 2: found 3 numbers, expected 2 as in the lines before.")]
    [InlineData("a 1 2\nb 3 x\n", ", line 2, column 3: found 'x', expected a finite number.")]
    [InlineData("a 1 2\nb 3 nan\n", ", line 2, column 3: found 'nan', expected a finite number.")]
    [InlineData("a 1 2\nb 3 1e99\n", ", line 2, column 3: found '1e99', expected a finite number.")]
    [InlineData("1 2\n3 4 5\n", ", line 2: found 3 numbers, expected 2 as in the lines before.")]
    [InlineData("1 2\nthe 3\n", ", line 2, column 1: found 'the', expected a finite number.")]
    [InlineData("3 2 1\n1  2\n", ", line 2, column 2: found an empty field, expected a finite number.")]
    [InlineData("3 3\na 1 2 3\n", ", line 1: the first line announces 3 vectors of 3 numbers; the file has 1 of 3. It is cut off, or the line is wrong.")]
    public void A_broken_file_is_told_by_line_and_column(string text, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("v.txt", Encoding.UTF8.GetBytes(text));
        Assert.Equal(path + message, Assert.Throws<DataFormatException>(() => EmbeddingText.Read(path)).Message);
    }

    [Fact]
    public void A_compressed_file_that_is_cut_off_is_refused()
    {
        using var folder = new TemporaryFolder();
        var compressed = Compress("a 1 2\nb 3 4\n");
        Assert.Equal([1, 2, 3, 4], EmbeddingText.Read(folder.Write("v.txt.gz", compressed)).Values.ToArray());
        var path = folder.Write("cut.txt.gz", compressed.AsSpan(0, compressed.Length - 9));
        Assert.Contains("broken or cut off", Assert.Throws<DataFormatException>(() => EmbeddingText.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back_to_the_bit() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 9], Gen.Float.Where(float.IsFinite).Array[45]).Sample((rows, dimension, values) =>
        {
            var text = new StringBuilder();
            for (var row = 0; row < rows; row++)
            {
                text.Append(CultureInfo.InvariantCulture, $"w{row} ").AppendJoin(' ', Row(row).Select(value => value.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
            }

            var read = Read(text.ToString());
            Assert.Equal(Enumerable.Range(0, rows).Select(row => $"w{row}"), read.Names);
            Assert.Equal(Enumerable.Range(0, rows).SelectMany(Row), read.Values.ToArray());

            IEnumerable<float> Row(int row) => values.Skip(row * dimension).Take(dimension);
        });

    [Fact]
    public void GloVe_is_read()
    {
        var path = TestData.Find("glove.6B.50d.txt.gz");
        Assert.SkipWhen(path is null, TestData.Absent("glove.6B.50d.txt.gz"));
        var vectors = EmbeddingText.Read(path!);
        Assert.Equal((400_000, 50), (vectors.Count, vectors.Dimension));
        Assert.Equal(("the", "sandberger"), (vectors.Names![0], vectors.Names[^1]));
        Assert.Equal([0.418f, 0.24968f, -0.41242f], vectors.Values[..3].ToArray());
    }

    private static NamedEmbeddings Read(string text, string name = "v.txt")
    {
        using var folder = new TemporaryFolder();
        return EmbeddingText.Read(folder.Write(name, Encoding.UTF8.GetBytes(text)));
    }

    private static byte[] Compress(string text)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return memory.ToArray();
    }
}

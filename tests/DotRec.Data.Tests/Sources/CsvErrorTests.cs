using System.IO.Compression;
using System.Text;
using CsCheck;

namespace DotRec.Data.Tests;

public class CsvErrorTests
{
    private static readonly CsvOptions Typed = new() { Schema = [new("rating", ColumnType.Float32), new("count", ColumnType.Int64)] };

    [Theory]
    [InlineData("rating,count\n1,2\n3\n", "f.csv, line 3: found 1 column, expected 2.")]
    [InlineData("rating,count\n1,2,3\n", "f.csv, line 2: found 3 columns, expected 2.")]
    [InlineData("rating,count\n1,2\ngood,2\n", "f.csv, line 3, column 1 'rating': found 'good', expected a number.")]
    [InlineData("rating,count\n1,2.5\n", "f.csv, line 2, column 2 'count': found '2.5', expected a 64-bit integer.")]
    [InlineData("rating,count\n1,\n", "f.csv, line 2, column 2 'count': found an empty field, expected a 64-bit integer.")]
    [InlineData("rating,count\n\"a\nb\",1\n", "f.csv, line 2, column 1 'rating': found 'a\\u000Ab', expected a number.")]
    [InlineData("rating,size\n1,2\n", "f.csv: there is no column 'count'. The columns are: rating, size.")]
    [InlineData("RATING,Rating,count\n1,2,3\n", "f.csv: 'rating' may be 'RATING' or 'Rating'. Rename one of them, or give the one that is meant the exact name.")]
    [InlineData("", "f.csv: found an empty file, expected a header line.")]
    [InlineData("rating,count,rating\n", "f.csv, line 1, column 3 'rating': found a name that column 1 has, expected a name of its own.")]
    [InlineData("rating,count\n\"1,2\n3,4\n", "f.csv, line 2: found a quoted field that is not closed before the end of the file, expected a closing quote.")]
    [InlineData(
        "rating,count\n\"1\"0,2\n",
        "f.csv, line 2: found text after the closing quote of a field, expected a delimiter or the end of the line. Double the quotes inside a quoted field.")]
    [InlineData(
        "rating,count\nabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz,2\n",
        "f.csv, line 2, column 1 'rating': found 'abcdefghijklmnopqrstuvwxyzabcdefghijklmn…', expected a number.")]
    public void A_broken_file_is_told_by_line_and_column(string text, string message) =>
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => CsvTests.Read(text, Typed)).Message);

    [Fact]
    public void Columns_are_found_as_in_a_table_and_keep_the_names_of_their_file()
    {
        const string Text = "W_ho,RATING,count\n7.0,1,2\n8,2,3\n";
        var read = CsvTests.Read(Text, Typed with { Ids = ["WHO"] });
        Assert.Equal(["W_ho: Int64", "RATING: Float32", "count: Int64"], read.Schema.Select(column => column.ToString()));
        var chosen = CsvTests.Read(Text, new CsvOptions { Columns = ["rating", "who"], Schema = [new("rating", ColumnType.String)] });
        Assert.Equal([new("RATING", ColumnType.String), new ColumnSchema("W_ho", ColumnType.Float32)], chosen.Schema);
    }

    [Fact]
    public void The_parts_of_an_error_can_be_read_one_by_one()
    {
        var error = Assert.Throws<DataFormatException>(() => CsvTests.Read("rating,count\n1,x\n", Typed));
        Assert.Equal(("f.csv", 2L, 2, "count"), (error.File, error.Line, error.ColumnNumber, error.Column));
    }

    [Fact]
    public void A_list_with_a_value_of_another_type_is_refused() => Assert.Equal(
        "f.csv, line 2, column 1 'v': found '1|x', expected a list of values separated by '|', each a 64-bit integer.",
        Assert.Throws<DataFormatException>(() => CsvTests.Read("v\n1|x\n", new CsvOptions { Schema = [new("v", ColumnType.Int64, IsJagged: true)] })).Message);

    [Fact]
    public void A_missing_column_among_those_chosen_is_told() => Assert.Equal(
        "f.csv: there is no column 'c'. The columns are: a, b.",
        Assert.Throws<DataFormatException>(() => CsvTests.Read("a,b\n", new CsvOptions { Columns = ["a", "c"] })).Message);

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("f.csv", [.. "name\nok\nMis"u8, 0xE9, .. "rables\n"u8]);
        Assert.Equal(
            $"{path}, line 3, column 1 'name': found bytes that are no UTF-8 (4D6973E97261626C6573), expected UTF-8 text. Save the file as UTF-8, or say which encoding it has (CsvOptions.Encoding, --encoding windows-1252).",
            Assert.Throws<DataFormatException>(() => Csv.Read(path)).Message);
        path = folder.Write("g.csv", [.. "na"u8, 0xE9, .. "\n"u8]);
        Assert.StartsWith($"{path}, line 1, column 1: found bytes that are no UTF-8 (6E61E9), expected", Assert.Throws<DataFormatException>(() => Csv.Read(path)).Message);
    }

    [Fact]
    public void Missing_files_and_folders_are_told()
    {
        using var folder = new TemporaryFolder();
        var missing = Path.Combine(folder.Path, "none.csv");
        Assert.StartsWith($"{missing}: there is no such file.", Assert.Throws<FileNotFoundException>(() => Csv.Read(missing)).Message);
        Assert.Equal(
            $"{folder.Path}: found a folder, expected a file. Name one of the files in it.", Assert.Throws<DataFormatException>(() => Csv.Read(folder.Path)).Message);
    }

    [Fact]
    public void Archives_that_are_cut_off_or_hold_something_else_are_told()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.zip");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var first = archive.CreateEntry("x.csv").Open();
            first.Write(Encoding.ASCII.GetBytes("v\n" + string.Concat(Enumerable.Range(0, 9999).Select(row => $"{row * 7919 % 10007}\n"))));
        }

        var whole = File.ReadAllBytes(path);
        var cut = folder.Write("cut.zip", whole.AsSpan(0, whole.Length / 2));
        Assert.StartsWith($"{cut}: found a file that is not a whole zip archive", Assert.Throws<DataFormatException>(() => Csv.Read(cut)).Message);

        whole.AsSpan(whole.Length / 2, 99).Clear();
        var damaged = folder.Write("damaged.zip", whole);
        Assert.StartsWith($"{damaged}/x.csv: the compressed data is broken or cut off; ", Assert.Throws<DataFormatException>(() => Csv.Read(damaged)).Message);

        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            archive.CreateEntry("y.csv");
        }

        Assert.Equal(
            $"{path}: found 2 files in the archive, expected one. Name one: {path}/<file>. The files are: x.csv, y.csv.",
            Assert.Throws<DataFormatException>(() => Csv.Read(path)).Message);
        Assert.Equal(
            $"{path}: there is no file 'z.csv' in it. The files are: x.csv, y.csv.", Assert.Throws<DataFormatException>(() => Csv.Read($"{path}/z.csv")).Message);
    }

    [Fact]
    public void A_cut_off_gzip_file_is_told()
    {
        using var folder = new TemporaryFolder();
        var memory = new MemoryStream();
        using (var stream = new GZipStream(memory, CompressionMode.Compress))
        {
            stream.Write(Encoding.ASCII.GetBytes("v\n" + string.Concat(Enumerable.Range(0, 9999).Select(row => $"{row * 7919 % 10007}\n"))));
        }

        var path = folder.Write("f.csv.gz", memory.ToArray().AsSpan(0, (int)(memory.ToArray().Length * 0.7)));
        Assert.StartsWith($"{path}: the compressed data is broken or cut off; ", Assert.Throws<DataFormatException>(() => Csv.Read(path)).Message);
    }

    [Theory]
    [InlineData("", "'' cannot be a delimiter")]
    [InlineData("\n", "'\n' cannot be a delimiter")]
    [InlineData("é", "'é' cannot be a delimiter")]
    public void Delimiters_that_cannot_divide_are_refused(string delimiter, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => CsvTests.Read("a\n", new CsvOptions { Delimiter = delimiter })).Message);

    [Fact]
    public void Random_bytes_give_a_table_or_an_error_that_names_the_file() =>
        Gen.Select(
            Gen.OneOf(Gen.Byte.Array[0, 300], Gen.OneOf(Gen.OneOf(",\"\n\r:|01.-"u8.ToArray()), Gen.Byte).Array[0, 300]),
            Gen.OneOf<string?>(null, ",", "::"), Gen.Bool, Gen.Bool, Gen.Int[0, 3]).Sample((bytes, delimiter, quotes, header, sample) =>
        {
            var options = new CsvOptions { Delimiter = delimiter, Quotes = quotes, Header = header ? ["a", "b"] : null, SampleRows = sample };
            try
            {
                var data = Csv.Read(new DataFile("f", () => new MemoryStream(bytes)), options);
                Assert.InRange(data.RowCount, 0, bytes.Length);
            }
            catch (DataFormatException error)
            {
                Assert.StartsWith("f", error.Message);
            }
        });

    [Fact]
    public void Random_bytes_as_an_archive_give_a_table_or_an_error_that_names_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.zip");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var member = archive.CreateEntry("x.csv").Open();
            member.Write("a,b\n1,2\n3,4\n"u8);
        }

        var whole = File.ReadAllBytes(path);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample((at, value, length) =>
        {
            var bytes = whole.AsSpan(0, length == 0 ? whole.Length : length).ToArray();
            bytes[at % bytes.Length] = value;
            var broken = folder.Write($"broken{Environment.CurrentManagedThreadId}.zip", bytes);
            try
            {
                Csv.Read(broken);
            }
            catch (DataFormatException error)
            {
                Assert.StartsWith(broken, error.Message);
            }
        }, iter: 500);
    }
}

using System.IO.Compression;
using System.Text;
using CsCheck;

namespace DotRec.Data.Tests;

public class CsvTests
{
    [Fact]
    public void Types_are_the_narrowest_that_all_values_fit()
    {
        var data = Read("id,price,name,zip,flag,none\n1,2,x,00501,-1,\n2,2.5,y,10001,0,\n3,,1,20001,7,\n");

        Assert.Equal("id: Int64, price: Float32, name: String, zip: String, flag: Int64, none: String", string.Join(", ", data.Schema));
        Assert.Equal([1L, 2L, 3L], data.Get<long>("id").Values.ToArray());
        Assert.Equal([2f, 2.5f, float.NaN], data.Get<float>("price").Values.ToArray());
        Assert.Equal(["00501", "10001", "20001"], data.Get<string>("zip").Values.ToArray());
    }

    [Fact]
    public void Columns_without_a_header_line_are_numbered_unless_they_are_named()
    {
        var numbered = Read("1,1\n2,3\n", new CsvOptions { HasHeader = false });
        Assert.Equal("column1: Int64, column2: Int64", string.Join(", ", numbered.Schema));
        Assert.Equal([1L, 3L], numbered.Get<long>("column2").Values.ToArray());
        Assert.Equal([1L, 3L], Read("1,1\n2,3\n", new CsvOptions { HasHeader = false, Header = ["a", "b"] }).Get<long>("b").Values.ToArray());
    }

    [Theory]
    [InlineData("1", "2.5", ColumnType.Float32)]
    [InlineData("1", "", ColumnType.Float32)]
    [InlineData("1", "x", ColumnType.String)]
    [InlineData("1.5", "x", ColumnType.String)]
    [InlineData("1", "007", ColumnType.String)]
    [InlineData("1", "99999999999999999999", ColumnType.String)]
    [InlineData("16777217", "0.5", ColumnType.Float64)]
    [InlineData("16777216", "0.5", ColumnType.Float32)]
    [InlineData("881250949", "", ColumnType.Float64)]
    [InlineData("9007199254740993", "", ColumnType.String)]
    [InlineData("9007199254740993", "0.5", ColumnType.String)]
    [InlineData("1511602859.5", "1", ColumnType.Float64)]
    [InlineData("0.1", "0.1234567890123", ColumnType.Float64)]
    [InlineData("0.1", "1e99", ColumnType.Float64)]
    [InlineData("0.1", "NA", ColumnType.Float32)]
    [InlineData("1", "null", ColumnType.Float32)]
    [InlineData("NA", "x", ColumnType.String)]
    [InlineData("NA", "NA", ColumnType.String)]
    public void A_value_after_the_sample_that_does_not_fit_widens_the_column_and_loses_nothing(string early, string late, ColumnType expected)
    {
        var text = $"v\n{string.Join('\n', Enumerable.Repeat(early, 20))}\n\"{late}\"\n";

        var column = Read(text, new CsvOptions { SampleRows = 5 })["v"];

        Assert.Equal(expected, column.Schema.Type);
        Assert.Equal(21, column.RowCount);
        if (column is Column<string> strings)
        {
            Assert.Equal((early, late), (strings.Values[0], strings.Values[20]));
        }
    }

    [Fact]
    public void What_is_inferred_does_not_depend_on_the_sample() =>
        Gen.Select(Gen.OneOf("0", "-3", "12", "1.5", "16777217", "-1e3", "x", "", "01", "9223372036854775808", "NA", "$7", "0.123456789").Array[1, 30], Gen.Int[0, 10]).Sample((values, sample) =>
        {
            var text = "v,w\n" + string.Concat(values.Select(value => $"{value},1\n"));
            Assert.Equal(Read(text).Schema, Read(text, new CsvOptions { SampleRows = sample }).Schema.Select(schema => schema));
        });

    [Fact]
    public void A_given_schema_is_kept_and_the_rest_inferred()
    {
        var data = Read(
            "user,item,tags,counts\n1,2,a|b,1|2\n3,4,,5\n",
            new CsvOptions { Schema = [new("user", ColumnType.String), new("tags", ColumnType.String, IsJagged: true), new("counts", ColumnType.Int64, IsJagged: true)] });

        Assert.Equal("user: String, item: Int64, tags: String[], counts: Int64[]", string.Join(", ", data.Schema));
        Assert.Equal(["a", "b"], data.Get<string>("tags").Row(0).ToArray());
        Assert.True(data.Get<string>("tags").Row(1).IsEmpty);
        Assert.Equal([5L], data.Get<long>("counts").Row(1).ToArray());
    }

    [Fact]
    public void Columns_are_chosen_and_ordered_by_name_and_named_without_a_header()
    {
        Assert.Equal("c: Int64, a: Int64", string.Join(", ", Read("a,b,c\n1,2,3\n", new CsvOptions { Columns = ["c", "a"] }).Schema));
        var data = Read("1::x::2\n", new CsvOptions { Header = ["a", "b", "c"], Delimiter = "::", Columns = ["b"] });
        Assert.Equal(["x"], data.Get<string>("b").Values.ToArray());
    }

    [Theory]
    [InlineData("f.csv", "a,b;c\n1,2\n", 2)]
    [InlineData("f.csv", "a;b\n1;2\n", 2)]
    [InlineData("f.tsv", "a\tb,c\n1\t2\n", 2)]
    [InlineData("f.dat", "a::b::c\n1::2::3\n", 3)]
    [InlineData("f.csv", "a\n1\n", 1)]
    public void The_delimiter_is_found_out(string name, string text, int columns)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(columns, Csv.Read(folder.Write(name, text)).Columns.Count);
    }

    [Fact]
    public void Compressed_files_are_read_in_place()
    {
        using var folder = new TemporaryFolder();
        var text = "a,b\n1,x\n"u8;
        var gz = Path.Combine(folder.Path, "f.csv.gz");
        using (var stream = new GZipStream(File.Create(gz), CompressionMode.Compress))
        {
            stream.Write(text);
        }

        var zip = Path.Combine(folder.Path, "one.zip");
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            using var member = archive.CreateEntry("inner/f.csv").Open();
            member.Write(text);
        }

        foreach (var path in (string[])[gz, zip, $"{zip}/inner/f.csv", $"{zip}/f.csv"])
        {
            Assert.Equal("a: Int64, b: String", string.Join(", ", Csv.Read(path).Schema));
        }
    }

    [Fact]
    public void A_given_encoding_is_converted()
    {
        using var folder = new TemporaryFolder();
        foreach (var encoding in (Encoding[])[Encoding.Latin1, Encoding.Unicode, new UTF8Encoding(false)])
        {
            var path = folder.Write("f.csv", encoding.GetBytes("name\nLes Misérables\n"));
            Assert.Equal(["Les Misérables"], Csv.Read(path, new CsvOptions { Encoding = encoding }).Get<string>("name").Values.ToArray());
        }
    }

    [Fact]
    public void Equal_values_share_one_string()
    {
        var names = Read("n\nab\nab\ncd\nab\n").Get<string>("n").Values;
        Assert.Same(names[0], names[1]);
        Assert.Same(names[0], names[3]);
    }

    [Fact]
    public void A_header_alone_is_a_table_without_rows() => Assert.Equal(0, Read("a,b\n").RowCount);

    internal static FeatureBatch Read(string text, CsvOptions? options = null) =>
        Csv.Read(new DataFile("f.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(text))), options ?? new CsvOptions());
}

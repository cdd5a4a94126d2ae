using System.IO.Compression;
using System.Text;
using CsCheck;

namespace DotRec.Data.Tests;

/// <summary>Files as spreadsheets, databases and other programs write them.</summary>
public class CsvTextTests
{
    [Fact]
    public void The_byte_order_mark_tells_the_encoding()
    {
        using var folder = new TemporaryFolder();
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: true)])
        {
            var path = folder.Write("f.csv", [.. encoding.Preamble, .. encoding.GetBytes("id;name\n1;Café\n")]);
            var data = Csv.Read(path);
            Assert.Equal("id: Int64, name: String", string.Join(", ", data.Schema));
            Assert.Equal(["Café"], data.Get<string>("name").Values.ToArray());
        }
    }

    [Fact]
    public void Encodings_are_known_by_name()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("f.csv", [.. "price,name\n5,"u8, 0x80, 0xE9, .. "\n"u8]);
        Assert.Equal(["€é"], Csv.Read(path, new CsvOptions { Encoding = TextEncodings.Named("windows-1252") }).Get<string>("name").Values.ToArray());
        Assert.StartsWith("There is no encoding 'klingon'. Names are utf-8,", Assert.Throws<ArgumentException>(() => TextEncodings.Named("klingon")).Message);

        var error = Assert.Throws<DataFormatException>(() => Csv.Read(path, new CsvOptions { Encoding = TextEncodings.Named("shift_jis") }));
        Assert.Equal($"{path}: found bytes that are no text in the encoding shift_jis. Say which encoding the file has, or save it as UTF-8.", error.Message);
    }

    [Theory]
    [InlineData("user_id, item_id\n25, 49\n 17 ,33 \n", "25|17", "49|33")]
    [InlineData("user_id,item_id\r25,49\r17,33\r", "25|17", "49|33")]
    [InlineData("sep=;\nuser_id;item_id\n25;49\n17;33\n", "25|17", "49|33")]
    [InlineData("SEP=|\r\nuser_id|item_id\r\n25|49\r\n17|33", "25|17", "49|33")]
    [InlineData("user_id;item_id;price, EUR\n25;49;5\n17;33;4\n", "25|17", "49|33")]
    [InlineData(",user_id,item_id\n0,25,49\n1,17,33\n", "25|17", "49|33")]
    [InlineData("Unnamed: 0,user_id,item_id\n0,25,49\n1,17,33\n", "25|17", "49|33")]
    [InlineData("user_id,item_id,\n25,49,x\n17,33,y\n", "25|17", "49|33")]
    [InlineData("user_id,item_id\n\n25,49\n   \n17,33\n", "25|17", "49|33")]
    [InlineData("user_id,item_id\n25, \"49\"\n17,\"33\" \n", "25|17", "49|33")]
    public void Ids_come_out_whatever_is_around_them(string text, string users, string items)
    {
        var data = CsvTests.Read(text);
        Assert.Equal(users.Split('|').Select(long.Parse), data.Get<long>("user_id").Values.ToArray());
        Assert.Equal(items.Split('|').Select(long.Parse), data.Get<long>("item_id").Values.ToArray());
    }

    [Fact]
    public void Spaces_inside_quotes_belong_to_the_field() =>
        Assert.Equal(["  a ", "b"], CsvTests.Read("v,w\n \"  a \" ,1\n  b  ,2\n").Get<string>("v").Values.ToArray());

    [Fact]
    public void What_is_assumed_is_told()
    {
        var notes = new List<string>();
        var options = new CsvOptions { Note = notes.Add };
        CsvTests.Read(",price,\n0,\"1,234.5\",a\n1,7,b\n", options);
        Assert.Equal(
            [
                "column 3 has no name in the header line: it is called 'column3'.",
                "column 'price' is read as numbers: '1,234.5' is 1234.5.",
                "the first column has no name and counts the rows: it is left out. Name it 'column1' among the columns to read it.",
            ],
            notes);

        notes.Clear();
        Assert.Equal(3, CsvTests.Read(",a\n5,1\n6,2\n7,3\n", options).Get<long>("column1").RowCount);
        Assert.Equal(["column 1 has no name in the header line: it is called 'column1'."], notes);
        Assert.Equal([0L, 1], CsvTests.Read(",a\n0,1\n1,2\n", new CsvOptions { Columns = ["column1"] }).Get<long>("column1").Values.ToArray());
    }

    [Fact]
    public void Missing_words_are_missing_numbers_and_others_can_be_named()
    {
        var data = CsvTests.Read("a,b,c,d\n1,NA,NA,1.5\n\\N,2.5,x,none\nnull,-,y,7\n");
        Assert.Equal("a: Float32, b: Float32, c: String, d: Float32", string.Join(", ", data.Schema));
        Assert.Equal([1, float.NaN, float.NaN], data.Get<float>("a").Values.ToArray());
        Assert.Equal(["NA", "x", "y"], data.Get<string>("c").Values.ToArray());

        data = CsvTests.Read("a,b\nNA,-99\n1,2\n", new CsvOptions { MissingWords = ["-99"] });
        Assert.Equal("a: String, b: Float32", string.Join(", ", data.Schema));
        Assert.Equal([float.NaN, 2], data.Get<float>("b").Values.ToArray());
        Assert.Equal(
            new[] { float.NaN, 5f },
            CsvTests.Read("v\nunknown\n5\n", new CsvOptions { MissingWords = ["unknown"], Schema = [new("v", ColumnType.Float32)] }).Get<float>("v").Values.ToArray());
    }

    [Fact]
    public void Ids_are_whole_numbers_or_texts_as_written()
    {
        Assert.Equal([25L, 17], CsvTests.Read("u,v\n25.0,1\n17.0,1\n", new CsvOptions { Ids = ["u"] }).Get<long>("u").Values.ToArray());
        Assert.Equal([25, double.NaN], CsvTests.Read("u,v\n25.0,1\n,1\n", new CsvOptions { Ids = ["u"] }).Get<double>("u").Values.ToArray());
        foreach (var texts in (string[][])[["1.10", "1.1"], ["1,234", "5,678.50"], ["007", "7"], ["$5", "$6"], ["1e3", "2"], ["9007199254740993", ""]])
        {
            var data = CsvTests.Read($"u,v\n{string.Concat(texts.Select(text => $"\"{text}\",1\n"))}", new CsvOptions { Ids = ["u"] });
            Assert.Equal(texts, data.Get<string>("u").Values.ToArray());
        }
    }

    [Fact]
    public void A_column_named_as_an_id_is_never_read_as_formatted_numbers()
    {
        Assert.Equal(ColumnType.String, CsvTests.Read("item_id,v\n\"1,234.5\",1\n").Schema[0].Type);
        Assert.Equal(ColumnType.Float32, CsvTests.Read("paid,v\n\"1,234.5\",1\n").Schema[0].Type);
    }

    [Fact]
    public void Given_types_read_formatted_numbers_too_and_name_the_line_of_what_is_none()
    {
        var schema = new CsvOptions { Schema = [new("v", ColumnType.Float32)] };
        Assert.Equal([1234.5f, float.NaN, 7], CsvTests.Read("v,w\n\"1,234.5\",1\nNA,1\n7,1\n", schema).Get<float>("v").Values.ToArray());
        Assert.Equal(
            "f.csv, line 2, column 1 'v': found '1,234.5', expected a number.",
            Assert.Throws<DataFormatException>(() => CsvTests.Read("v,w\n\"1,234.5\",1\nx,1\n", schema)).Message);
        Assert.Equal([1.5f], CsvTests.Read("v;w\n1,5;2\n", schema with { DecimalSeparator = ',' }).Get<float>("v").Values.ToArray());
    }

    [Theory]
    [InlineData("PK\u0003\u0004 [Content_Types].xml xl/workbook.xml", "an Excel workbook (.xlsx), expected text. Save the sheet as CSV")]
    [InlineData("PK\u0003\u0004 ratings.csv", "a zip archive or an Excel workbook, expected text. Save the sheet of a workbook as CSV; give an archive a name that ends in .zip.")]
    [InlineData("PAR1 xxxxxxxxxxxx PAR1", "a Parquet file, expected text. Give it a name that ends in .parquet.")]
    [InlineData("[{\"a\": 1}]", "JSON, expected text. Give it a name that ends in .json")]
    [InlineData("{\"a\": 1}\n{\"a\": 2}\n", "JSON, expected text. Give it a name that ends in .json")]
    [InlineData("<!DOCTYPE html><html>", "a web page (HTML), expected text.")]
    [InlineData("SQLite format 3\0", "an SQLite database, expected text.")]
    [InlineData("a\0,\0b\0\n\01\0,\02\0\n\03\0,\04\0\n\0", "text with a zero byte in every other place")]
    public void Files_of_other_formats_are_named_as_what_they_are(string content, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("f.csv", Encoding.UTF8.GetBytes(content));
        Assert.StartsWith($"{path}: found {message}", Assert.Throws<DataFormatException>(() => Csv.Read(path)).Message);
    }

    [Fact]
    public void Names_that_say_gzip_or_do_not_say_it_are_told()
    {
        using var folder = new TemporaryFolder();
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write("a,b\n1,2\n"u8);
        }

        var path = folder.Write("f.csv", memory.ToArray());
        Assert.Equal($"{path}: found a gzip file, expected text. Give it a name that ends in .gz.", Assert.Throws<DataFormatException>(() => Csv.Read(path)).Message);
        path = folder.Write("f.csv.gz", "a,b\n1,2\n"u8);
        Assert.Equal(
            $"{path}: found a file that is not gzip, expected one by its name. If it is plain text, take the .gz off its name; else fetch the file again.",
            Assert.Throws<DataFormatException>(() => Csv.Read(path)).Message);
    }

    [Fact]
    public async Task What_is_written_reads_back_equal_in_every_dialect()
    {
        using var folder = new TemporaryFolder();
        var texts = Gen.OneOf(Gen.OneOf<string>("", " ", " a", "b ", "\"", "a,b", "a;b", "x\ny", "x\r\ny", "a::b", "c:", "|", "é€", "NA", "007", "1,5"), Gen.String[Gen.OneOf(",;\t:|\" \n\rxé'".ToCharArray()), 0, 6]);
        var tables = Gen.Select(texts.Array[1, 8], Gen.Double.Array[8, 8], Gen.Single.Array[8, 8], Gen.Long.Array[8, 8]).Select((names, doubles, floats, integers) =>
            new FeatureBatch(
                new Column<string>("text", names), new Column<double>("wide, number", doubles[..names.Length]),
                new Column<float>(" \"quoted\" name", floats[..names.Length]), new Column<long>("integer", integers[..names.Length])));
        var dialects = Gen.Select(Gen.OneOf(",", ";", "\t", "|", "::"), Gen.OneOf<Encoding?>(null, Encoding.UTF8, Encoding.Unicode, Encoding.UTF32), Gen.Bool);
        var number = 0;
        await Gen.Select(tables, dialects).SampleAsync(async (table, dialect) =>
        {
            var (delimiter, encoding, isOnlyText) = dialect;
            table = (isOnlyText ? table.SelectColumns("text") : table).Rename("text", "t");
            var path = Path.Combine(folder.Path, $"{Interlocked.Increment(ref number)}.csv");
            await Csv.WriteAsync(table, path, new CsvOptions { Delimiter = delimiter, Encoding = encoding });
            var schema = table.Schema.Select(column => column with { Name = column.Name.Trim() }).ToArray();
            var read = Csv.Read(path, new CsvOptions { Delimiter = delimiter, Schema = schema });
            for (var i = 0; i < schema.Length; i++)
            {
                Assert.Equal(Values(table.Columns[i]), Values(read.Columns[i]));
            }

            File.Delete(path);
        }, iter: 300);
    }

    private static object[] Values(Column column) => column switch
    {
        Column<string> texts => [.. texts.Values.ToArray()],
        Column<long> integers => [.. integers.Values.ToArray().Cast<object>()],
        Column<float> numbers => [.. numbers.Values.ToArray().Cast<object>()],
        _ => [.. ((Column<double>)column).Values.ToArray().Cast<object>()],
    };
}

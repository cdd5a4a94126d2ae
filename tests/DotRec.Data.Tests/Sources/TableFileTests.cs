// The files are tiny: a test that is cancelled between two of them is done anyway.
#pragma warning disable xUnit1051

namespace DotRec.Data.Tests;

public class TableFileTests
{
    [Theory]
    [InlineData("f.csv", "u,x,t\n1,0.5,a\n2,,b\n")]
    [InlineData("f.json", "[{\"u\": 1, \"x\": 0.5, \"t\": \"a\"}, {\"u\": 2, \"x\": null, \"t\": \"b\"}]")]
    [InlineData("f.jsonl", "{\"u\": 1, \"x\": 0.5, \"t\": \"a\"}\n{\"u\": 2, \"t\": \"b\"}\n")]
    [InlineData("f.ndjson", "{\"u\":1,\"x\":0.5,\"t\":\"a\"}\r\n\r\n{\"t\":\"b\",\"u\":2}")]
    public async Task A_table_is_the_same_in_every_form(string name, string content)
    {
        using var folder = new TemporaryFolder();
        var data = await TableFile.ReadAsync(folder.Write(name, content));
        Assert.Equal("u: Int64, x: Float32, t: String", string.Join(", ", data.Schema));
        Assert.Equal([1L, 2], data.Get<long>("u").Values.ToArray());
        Assert.Equal([0.5f, float.NaN], data.Get<float>("x").Values.ToArray());
        Assert.Equal(["a", "b"], data.Get<string>("t").Values.ToArray());

        var parquet = Path.Combine(folder.Path, "named.otherwise");
        await ParquetFile.WriteAsync(data, parquet);
        Assert.Equal(data.Schema, (await TableFile.ReadAsync(parquet)).Schema);
    }

    [Fact]
    public async Task Json_tells_texts_from_numbers_and_holds_lists()
    {
        using var folder = new TemporaryFolder();
        var data = await TableFile.ReadAsync(folder.Write(
            "f.json", "[{\"zip\":\"007\",\"big\":1511602859.5,\"flag\":true,\"tags\":[\"a\",\"b\"],\"mixed\":1},{\"zip\":\"1\",\"big\":1,\"flag\":false,\"tags\":[],\"mixed\":\"x\"},{\"flag\":null}]"));
        Assert.Equal("zip: String, big: Float64, flag: Float32, tags: String[], mixed: String", string.Join(", ", data.Schema));
        Assert.Equal(["007", "1", ""], data.Get<string>("zip").Values.ToArray());
        Assert.Equal(["a", "b"], data.Get<string>("tags").Row(0).ToArray());
        Assert.True(data.Get<string>("tags").Row(1).IsEmpty && data.Get<string>("tags").Row(2).IsEmpty);
        Assert.Equal(["1", "x", ""], data.Get<string>("mixed").Values.ToArray());
    }

    [Theory]
    [InlineData("[{\"a\": {\"b\": 1}}]", "row 1 has an object in 'a', expected a text, a number, true, false, null or a list of these.")]
    [InlineData("[1, 2]", "found a number as row 1, expected an object such as")]
    [InlineData("[]", "found no objects, expected at least one with a property.")]
    [InlineData("[{\"a\": 1}", "found what is no JSON")]
    [InlineData("a,b\n1,2\n", "found what is no JSON")]
    public async Task Json_that_is_no_table_is_told(string content, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("f.json", content);
        var error = await Assert.ThrowsAsync<DataFormatException>(() => TableFile.ReadAsync(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_the_table_of_its_parts()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        Directory.CreateDirectory(Path.Combine(data, "country=DE", "_temporary"));
        Directory.CreateDirectory(Path.Combine(data, "country=AT"));
        await ParquetFile.WriteAsync(new FeatureBatch(new Column<long>("n", [1, 2])), Path.Combine(data, "country=DE", "part-0.parquet"));
        await ParquetFile.WriteAsync(new FeatureBatch(new Column<double>("n", [2.5])), Path.Combine(data, "country=DE", "part-1.parquet"));
        await ParquetFile.WriteAsync(new FeatureBatch(new Column<long>("n", [3])), Path.Combine(data, "country=AT", "part-0.pq"));
        await File.WriteAllTextAsync(Path.Combine(data, "_SUCCESS"), "");
        await File.WriteAllTextAsync(Path.Combine(data, "country=DE", "_temporary", "x.parquet"), "broken");

        var read = await TableFile.ReadAsync(data);
        Assert.Equal([3, 1, 2, 2.5], read.Get<double>("n").Values.ToArray());
        Assert.Equal(["AT", "DE", "DE", "DE"], read.Get<string>("country").Values.ToArray());
        Assert.Equal("n: Float64", string.Join(", ", (await TableFile.ReadAsync(data, new CsvOptions { Columns = ["n"] })).Schema));

        await ParquetFile.WriteAsync(new FeatureBatch(new Column<long>("m", [3])), Path.Combine(data, "country=DE", "part-2.parquet"));
        Assert.Contains("The files of a folder are parts of one table", (await Assert.ThrowsAsync<DataFormatException>(() => TableFile.ReadAsync(data))).Message, StringComparison.Ordinal);
        var empty = Directory.CreateDirectory(Path.Combine(folder.Path, "empty")).FullName;
        Assert.Equal($"{empty}: found a folder without files, expected the parts of a table.", (await Assert.ThrowsAsync<DataFormatException>(() => TableFile.ReadAsync(empty))).Message);
    }

    [Fact]
    public async Task Types_that_are_asked_for_hold_for_every_form()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "f.parquet");
        await ParquetFile.WriteAsync(new FeatureBatch(new Column<double>("store", [17, double.NaN]), new Column<string>("tags", ["a|b", ""])), path);
        var data = await TableFile.ReadAsync(path, new CsvOptions { Schema = [new("store", ColumnType.String), new("tags", ColumnType.String, IsJagged: true)] });
        Assert.Equal(["17", ""], data.Get<string>("store").Values.ToArray());
        Assert.Equal(["a", "b"], data.Get<string>("tags").Row(0).ToArray());

        var error = await Assert.ThrowsAsync<DataFormatException>(() => TableFile.ReadAsync(path, new CsvOptions { Schema = [new("store", ColumnType.Int64)] }));
        Assert.Equal($"{path}: Column 'store: Float64' cannot be read as Int64: row 2 has no value, expected a whole number of 64 bits.", error.Message);
        error = await Assert.ThrowsAsync<DataFormatException>(() => TableFile.ReadAsync(path, new CsvOptions { Schema = [new("shop", ColumnType.Int64)] }));
        Assert.Equal($"{path}: there is no column 'shop'. The columns are: store, tags.", error.Message);
    }

    [Fact]
    public async Task Wanted_columns_are_read_and_names_can_be_asked_for()
    {
        using var folder = new TemporaryFolder();
        foreach (var path in (string[])[folder.Write("f.csv", "a,b,c\n1,2,3\n"), folder.Write("f.json", "[{\"a\":1,\"b\":2,\"c\":3}]")])
        {
            Assert.Equal("a: Int64, c: Int64", string.Join(", ", (await TableFile.ReadAsync(path, new CsvOptions { IsWanted = name => name != "b" })).Schema));
            Assert.Equal(["a", "b", "c"], await TableFile.ReadColumnNamesAsync(path));
            Assert.Contains("none of its columns", (await Assert.ThrowsAsync<DataFormatException>(() => TableFile.ReadAsync(path, new CsvOptions { IsWanted = _ => false }))).Message, StringComparison.Ordinal);
        }
    }
}

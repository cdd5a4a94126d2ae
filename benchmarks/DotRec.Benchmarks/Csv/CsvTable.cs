using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>MB/s of reading delimited text into columns, one thread, from a file in the page cache.</summary>
internal static class CsvTable
{
    private const int RowCount = 1_000_000;

    public static int Print()
    {
        Console.WriteLine(Measure().ToMarkdown());
        return 0;
    }

    /// <summary>A file a row.</summary>
    public static ResultTable Measure()
    {
        var rows = new List<JsonNode?[]>();
        var folder = Directory.CreateTempSubdirectory("dotrec-csv-").FullName;
        try
        {
            ColumnSchema[] numbers =
                [new("user", ColumnType.Int64), new("item", ColumnType.Int64), new("rating", ColumnType.Float32), new("time", ColumnType.Int64)];
            ColumnSchema[] names = [new("user", ColumnType.String), new("item", ColumnType.String), .. numbers[2..]];
            var ratings = Write(folder, "ratings.csv", "user,item,rating,time", (random, row) => Rating(random, row, ","));
            var dat = Write(folder, "ratings.dat", header: null, (random, row) => Rating(random, row, "::"));
            var fractions = Write(folder, "fractions.csv", "a,b,c,d,e,f,g,h", Fractions);
            var movies = Write(folder, "movies.csv", "id,title,genres", (random, row) => $"{row},\"Title, The {random.NextInt(5000)} \"\"x\"\"\",Drama|Comedy");
            rows.Add(Row("4 numbers, types given", ratings, new CsvOptions { Schema = numbers }));
            rows.Add(Row("4 numbers, types inferred", ratings, new CsvOptions()));
            rows.Add(Row("2 numbers of 4", ratings, new CsvOptions { Columns = ["item", "rating"] }));
            rows.Add(Row("2 ids as strings, 2 numbers", ratings, new CsvOptions { Schema = names }));
            rows.Add(Row("4 numbers, line by line in UTF-16", ratings, options: null));
            rows.Add(Row("8 long fractions", fractions, new CsvOptions()));
            rows.Add(Row("4 numbers, \"::\" between", dat, new CsvOptions { Delimiter = "::", Header = ["user", "item", "rating", "time"] }));
            rows.Add(Row("quoted titles, genres a/b", movies, new CsvOptions { Schema = [new("genres", ColumnType.String, IsJagged: true)] }));
            rows.Add(Row("4 numbers in gzip", Compress(ratings), new CsvOptions { Schema = numbers }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return new ResultTable([new("columns"), new("file, MB", "F1"), new("MB/s", "F0"), new("million rows/s", "F1")], rows);
    }

    private static JsonNode?[] Row(string name, string path, CsvOptions? options)
    {
        var seconds = Stopclock.Shortest(() => _ = options is null ? ByLines(path) : Csv.Read(path, options).RowCount, seconds: 1);
        var length = new FileInfo(path).Length / 1e6;
        return [name, .. new[] { length, length / seconds, RowCount / seconds / 1e6 }.Select(ResultTable.Number)];
    }

    // What one would write without a reader: the yardstick.
    private static int ByLines(string path)
    {
        var (users, items, ratings, times) = (new List<long>(), new List<long>(), new List<float>(), new List<long>());
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var fields = line.Split(',');
            users.Add(long.Parse(fields[0], CultureInfo.InvariantCulture));
            items.Add(long.Parse(fields[1], CultureInfo.InvariantCulture));
            ratings.Add(float.Parse(fields[2], CultureInfo.InvariantCulture));
            times.Add(long.Parse(fields[3], CultureInfo.InvariantCulture));
        }

        return users.Count;
    }

    private static string Write(string folder, string name, string? header, Func<SeededRandom, int, string> line)
    {
        var path = Path.Combine(folder, name);
        var random = new SeededRandom(1);
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false));
        if (header is not null)
        {
            writer.Write(header + "\n");
        }

        for (var row = 0; row < RowCount; row++)
        {
            writer.Write(line(random, row) + "\n");
        }

        return path;
    }

    private static string Rating(SeededRandom random, int row, string delimiter) => string.Join(
        delimiter, (row / 166) + 1, random.NextInt(3706) + 1, $"{random.NextInt(10) + 1}.{random.NextInt(2) * 5}", 874_724_710 + row);

    private static string Fractions(SeededRandom random, int row) =>
        string.Join(',', Enumerable.Range(0, 8).Select(_ => random.NextDouble().ToString("F12", CultureInfo.InvariantCulture)));

    private static string Compress(string path)
    {
        using var source = File.OpenRead(path);
        using var target = new GZipStream(File.Create(path + ".gz"), CompressionMode.Compress);
        source.CopyTo(target);
        return path + ".gz";
    }
}

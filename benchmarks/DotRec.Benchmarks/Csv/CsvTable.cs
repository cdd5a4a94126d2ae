using System.Globalization;
using System.IO.Compression;
using System.Text;
using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Prints MB/s of reading delimited text into columns, one thread, from a file in the page cache.</summary>
internal static class CsvTable
{
    private const int RowCount = 1_000_000;

    public static int Print()
    {
        var folder = Directory.CreateTempSubdirectory("dotrec-csv-").FullName;
        try
        {
            Console.WriteLine("| columns | file, MB | MB/s | rows/s |");
            Console.WriteLine("|---|---:|---:|---:|");
            ColumnSchema[] numbers =
                [new("user", ColumnType.Int64), new("item", ColumnType.Int64), new("rating", ColumnType.Float32), new("time", ColumnType.Int64)];
            ColumnSchema[] names = [new("user", ColumnType.String), new("item", ColumnType.String), .. numbers[2..]];
            var ratings = Write(folder, "ratings.csv", "user,item,rating,time", (random, row) => Rating(random, row, ","));
            var dat = Write(folder, "ratings.dat", header: null, (random, row) => Rating(random, row, "::"));
            var fractions = Write(folder, "fractions.csv", "a,b,c,d,e,f,g,h", Fractions);
            var movies = Write(folder, "movies.csv", "id,title,genres", (random, row) => $"{row},\"Title, The {random.NextInt(5000)} \"\"x\"\"\",Drama|Comedy");
            Report("4 numbers, types given", ratings, new CsvOptions { Schema = numbers });
            Report("4 numbers, types inferred", ratings, new CsvOptions());
            Report("2 numbers of 4", ratings, new CsvOptions { Columns = ["item", "rating"] });
            Report("2 ids as strings, 2 numbers", ratings, new CsvOptions { Schema = names });
            Report("4 numbers, line by line in UTF-16", ratings, options: null);
            Report("8 long fractions", fractions, new CsvOptions());
            Report("4 numbers, \"::\" between", dat, new CsvOptions { Delimiter = "::", Header = ["user", "item", "rating", "time"] });
            Report("quoted titles, genres a/b", movies, new CsvOptions { Schema = [new("genres", ColumnType.String, IsJagged: true)] });
            Report("4 numbers in gzip", Compress(ratings), new CsvOptions { Schema = numbers });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static void Report(string name, string path, CsvOptions? options)
    {
        var seconds = Stopclock.Shortest(() => _ = options is null ? ByLines(path) : Csv.Read(path, options).RowCount, seconds: 1);
        var length = new FileInfo(path).Length / 1e6;
        Console.WriteLine($"| {name} | {length:F1} | {length / seconds:F0} | {RowCount / seconds / 1e6:F1} M |");
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

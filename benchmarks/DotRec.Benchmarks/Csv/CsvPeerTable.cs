using System.IO.Compression;
using DotRec.Data;
using nietras.SeparatedValues;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints MB/s of reading public delimited files into columns of given types, with ours and with Sep, in turn: processor time of the one thread, from the
/// page cache. The files' rows are repeated to 60 MB.
/// </summary>
internal static class CsvPeerTable
{
    private const int Bytes = 60_000_000;
    private const int Rounds = 3;

    public static int Print(string? data)
    {
        var source = DataFolder.Find(data);
        var folder = Directory.CreateTempSubdirectory("dotrec-csv-").FullName;
        try
        {
            var ratings = Repeat(source, "ml-latest-small.zip", "ratings.csv", folder);
            var movies = Repeat(source, "ml-latest-small.zip", "movies.csv", folder);
            var clicks = Repeat(source, "talkingdata-train_sample.zip", "train_sample.csv", folder);
            Console.WriteLine("| file | ours | Sep | ours / Sep |");
            Console.WriteLine("|---|---:|---:|---:|");
            Report("ratings, 4 numbers", ratings, "iifi");
            Report("ratings, 2 of 4 columns", ratings, "-if-");
            Report("ratings, 1 of 4 columns", ratings, "--f-");
            Report("ratings, 2 ids as texts, 2 numbers", ratings, "ssfi");
            Report("movies, quoted titles, 2 columns of texts", movies, "iss");
            Report("clicks, 6 numbers, 2 columns of times as texts", clicks, "iiiiissi");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    /// <param name="name">The row's name.</param>
    /// <param name="path">A file with a header.</param>
    /// <param name="types">A letter a column: integers, floats, strings, or '-' for what is not read.</param>
    private static void Report(string name, string path, string types)
    {
        var header = File.ReadLines(path).First().Split(',');
        var schema = types.Select((type, i) => new ColumnSchema(header[i], type switch
        {
            'i' => ColumnType.Int64,
            'f' => ColumnType.Float32,
            _ => ColumnType.String,
        })).Where((_, i) => types[i] != '-').ToArray();
        var options = new CsvOptions { Schema = schema, Columns = [.. schema.Select(column => column.Name)] };
        var (ours, sep) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            ours = Math.Min(ours, Stopclock.ShortestOnOneThread(() => _ = Csv.Read(path, options).RowCount, seconds: 1));
            sep = Math.Min(sep, Stopclock.ShortestOnOneThread(() => _ = ReadWithSep(path, types), seconds: 1));
        }

        var length = new FileInfo(path).Length / 1e6;
        Console.WriteLine($"| {name} | {length / ours:F0} | {length / sep:F0} | {sep / ours:F2} |");
    }

    private static int ReadWithSep(string path, string types)
    {
        var integers = Array.ConvertAll(types.ToCharArray(), _ => new List<long>());
        var floats = Array.ConvertAll(types.ToCharArray(), _ => new List<float>());
        var strings = Array.ConvertAll(types.ToCharArray(), _ => new List<string>());
        var rows = 0;
        using var reader = Sep.New(',').Reader(options => options with
        {
            Unescape = types.Contains('s', StringComparison.Ordinal),
            CreateToString = SepToString.PoolPerCol(maximumStringLength: 256),
        }).FromFile(path);
        foreach (var row in reader)
        {
            rows++;
            for (var i = 0; i < types.Length; i++)
            {
                switch (types[i])
                {
                    case 'i':
                        integers[i].Add(row[i].Parse<long>());
                        break;
                    case 'f':
                        floats[i].Add(row[i].Parse<float>());
                        break;
                    case 's':
                        strings[i].Add(row[i].ToString());
                        break;
                }
            }
        }

        return rows;
    }

    private static string Repeat(string source, string archive, string member, string folder)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(source, archive));
        using var stream = zip.Entries.Single(entry => entry.Name == member).Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var text = memory.ToArray();
        var body = text.AsSpan(text.AsSpan().IndexOf((byte)'\n') + 1);
        var path = Path.Combine(folder, member);
        using var target = File.Create(path);
        target.Write(text);
        while (target.Length < Bytes)
        {
            target.Write(body);
        }

        return path;
    }
}

using System.IO.Compression;
using DotRec.Modeling;

namespace DotRec.Benchmarks;

/// <summary>The data sets of sequential recommendation, as the published tables have them.</summary>
internal static class SequenceData
{
    /// <summary>Names of the sets.</summary>
    public static readonly string[] Names = ["ml-1m", "beauty-54k", "games"];

    /// <summary>The histories of a set, in the order of its file.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="folder">Where the archives are.</param>
    public static Histories Load(string name, string folder) => name switch
    {
        "ml-1m" => Of(Lines(folder, "ml-1m-partial-timestamps.zip", "ratings-time-ordered.dat").Select(line => line.Split("::")), minimum: 5),
        "beauty-54k" => Of(Lines(folder, "amazon-sequences-sasrec-bert4rec.zip", "beauty.txt").Select(line => line.Split(' ')), minimum: 1),
        "games" => Of(Lines(folder, "amazon-sequences-sasrec-bert4rec.zip", "Video.txt").Select(line => line.Split(' ')), minimum: 1),
        _ => throw new ArgumentException($"There is no data set '{name}'; there are {string.Join(", ", Names)}.", nameof(name)),
    };

    // Queries and items by first appearance; items with fewer rows than the minimum are dropped.
    private static Histories Of(IEnumerable<string[]> rows, int minimum)
    {
        var read = rows.Where(row => row.Length >= 2).ToArray();
        var often = read.GroupBy(row => row[1], StringComparer.Ordinal).Where(group => group.Count() >= minimum).Select(group => group.Key)
            .Order(Comparer<string>.Create((a, b) => long.Parse(a, null).CompareTo(long.Parse(b, null)))).Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var lists = read.GroupBy(row => row[0], StringComparer.Ordinal).Select(group =>
            (IReadOnlyList<int>)[.. group.Select(row => often.GetValueOrDefault(row[1], -1)).Where(item => item >= 0)]);
        return Histories.Of(often.Count, [.. lists]);
    }

    private static IEnumerable<string> Lines(string folder, string archive, string file)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(folder, archive));
        using var reader = new StreamReader(zip.Entries.Single(entry => entry.Name == file).Open());
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}

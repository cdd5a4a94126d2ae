using System.Globalization;
using System.IO.Compression;
using DotRec.Modeling;

namespace DotRec.Benchmarks;

/// <summary>
/// Public sequences by the leave-last-out protocol: rows in file order; items with fewer than 5 rows dropped where published work does; the last item of each
/// user is to test, the one before to validate, the rest to train; users with fewer than 3 rows only train.
/// </summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Archive">Zip file in the data folder.</param>
/// <param name="Entry">File in it: a user and an item a line.</param>
/// <param name="Separator">Between the fields of a line.</param>
/// <param name="FewestRows">Rows that an item must have.</param>
internal sealed record SequenceData(string Name, string Archive, string Entry, string Separator, int FewestRows)
{
    private const int ShortestToTest = 3;

    public static IReadOnlyList<SequenceData> All { get; } =
    [
        new("ml-1m", "ml-1m-partial-timestamps.zip", "ml-1m/ratings-time-ordered.dat", "::", 5),
        new("beauty", "amazon-sequences-sasrec-bert4rec.zip", "bert4rec/beauty.txt", " ", 1),
        new("games", "amazon-sequences-sasrec-bert4rec.zip", "sasrec/Video.txt", " ", 1),
    ];

    /// <summary>Whole histories, users and items numbered in order of appearance.</summary>
    public Histories Read(string folder)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(folder, Archive));
        using var reader = new StreamReader(archive.GetEntry(Entry)!.Open());
        var rows = new List<(int User, int Item)>();
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(Separator);
            rows.Add((int.Parse(fields[0], CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture)));
        }

        var counts = rows.CountBy(row => row.Item).ToDictionary();
        Dictionary<int, int> users = [], items = [];
        var lists = new List<List<int>>();
        foreach (var (user, item) in rows.Where(row => counts[row.Item] >= FewestRows))
        {
            if (users.TryAdd(user, lists.Count))
            {
                lists.Add([]);
            }

            items.TryAdd(item, items.Count);
            lists[users[user]].Add(items[item]);
        }

        return Histories.Of(items.Count, [.. lists]);
    }

    /// <summary>What is held out to validate, and what to test: the histories of the first are what is trained on.</summary>
    public static (HistoryTargets Validation, HistoryTargets Test) LeaveLastOut(Histories all)
    {
        var test = HistoryTargets.LeaveLastOut(all, ShortestToTest);

        // Two items of those that have a test target are left at least: the last of them validates. The others keep their whole history.
        int[] targets = new int[all.Count];
        var lists = new IReadOnlyList<int>[all.Count];
        for (var query = 0; query < all.Count; query++)
        {
            var whole = all.Of(query);
            var before = test.Histories.Of(query);
            var isHeld = before.Length < whole.Length;
            targets[query] = isHeld ? before[^1] : -1;
            lists[query] = (isHeld ? before[..^1] : whole).ToArray();
        }

        return (new HistoryTargets(Histories.Of(all.ItemCount, lists), targets), test);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Kernels;
using DotRec.Onnx;
using DotRec.Serving;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints what it takes to open a bundle and to get the first answer, in a process of its own each time, for bundles of several sizes: as many users
/// as items, 64 dimensions, a title and a year an item, popularity and 10 seen items a user.
/// </summary>
internal static class OpeningTable
{
    private const int Dimension = 64;
    private const int Times = 5;

    /// <summary>With a bundle: opens it, for the process that measures it. Without: makes the bundles and prints the table.</summary>
    public static int Print(string[] arguments)
    {
        if (arguments is ["bundle", var bundle, var verification])
        {
            return Open(bundle, Enum.Parse<BundleVerification>(verification));
        }

        Console.WriteLine(Measure(arguments.Length > 0 ? Array.ConvertAll(arguments, text => int.Parse(text, CultureInfo.InvariantCulture)) : [1_000, 100_000, 1_000_000]).ToMarkdown());
        return 0;
    }

    /// <summary>The table for bundles of so many users and items.</summary>
    public static ResultTable Measure(int[] counts)
    {
        var rows = new List<JsonNode?[]>();
        var root = Directory.CreateTempSubdirectory("dotrec-opening-").FullName;
        try
        {
            foreach (var count in counts)
            {
                var path = Path.Combine(root, "bundle");
                Save(path, count);
                var bytes = Directory.EnumerateFiles(path).Sum(file => new FileInfo(file).Length);
                foreach (var name in new[] { BundleVerification.Automatic, BundleVerification.Hashes })
                {
                    double[][] runs = [.. Enumerable.Range(0, Times).Select(_ => Child(path, name)).OrderBy(run => run[0])];
                    rows.Add([ResultTable.Number(count), ResultTable.Number(bytes / 1e6), name == BundleVerification.Hashes ? "every hash" : "by default", .. runs[Times / 2].Select(ResultTable.Number)]);
                }

                Directory.Delete(path, recursive: true);
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        return new ResultTable(
            [
                new("users and items", "N0"), new("MB", "N1"), new("checked"), new("opened, ms", "F1"), new("opened again, ms", "F1"), new("first answer, ms", "F1"),
                new("processor, ms", "F0"), new("resident when opened, MB", "F0"), new("when answered, MB", "F0"),
            ],
            rows);
    }

    private static double[] Child(string bundle, BundleVerification verification)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["opening", "bundle", bundle, verification.ToString()]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Array.ConvertAll(line.Split(' '), text => double.Parse(text, CultureInfo.InvariantCulture));
    }

    private static int Open(string bundle, BundleVerification verification)
    {
        // What every process pays once, whatever it opens: code and the native runtime.
        var small = new OnnxGraph("small");
        small.Output("embedding", small.Node("Unsqueeze", [small.Input("x", OnnxElementType.Float, "batch"), small.Weight("axis", [1L], 1)]), OnnxElementType.Float, "batch", "1");
        using (var warm = new Recommender(small.Build(), BruteForceIndex.Build([1f], ItemIds.From(["a"]))))
        {
            warm.Recommend(new { x = 1f });
        }

        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        using var recommender = Recommender.Load(bundle, verification);
        var opened = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var mapped = Resident();
        var answer = recommender.Recommend(new { user_id = "user-7" });
        _ = answer.Select(item => item.ToString()).ToArray();
        var answered = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var spent = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds;
        var resident = Resident();
        start = Stopwatch.GetTimestamp();
        Recommender.Load(bundle, verification).Dispose();
        var again = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{opened} {again} {answered} {spent} {mapped} {resident}"));
        return answer.Count == 10 ? 0 : 1;
    }

    private static double Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }

    private static void Save(string path, int count)
    {
        string[] users = [.. Enumerable.Range(0, count).Select(i => $"user-{i}")];
        string[] items = [.. Enumerable.Range(0, count).Select(i => $"item-{i}")];
        var graph = new OnnxGraph("user");
        var rows = graph.Lookup(graph.Input("user_id", OnnxElementType.String, "batch"), users);
        graph.Output("embedding", graph.Node("Gather", [graph.Weight("table", Numbers(1, (count + 1) * Dimension), count + 1, Dimension), rows]), OnnxElementType.Float, "batch", "64");
        graph.Output("user_id_known", graph.Node("Greater", [rows, graph.Weight("zero", [0L])]), OnnxElementType.Bool, "batch");
        using var index = ScannIndex.Build(Numbers(2, count * Dimension), ItemIds.From(items));
        var interactions = new FeatureBatch(
            new Column<string>("user_id", [.. users.SelectMany(user => Enumerable.Repeat(user, 10))]),
            new Column<string>("item_id", [.. Enumerable.Range(0, count * 10).Select(i => items[(int)(i * 7919L % count)])]));
        using var recommender = new Recommender(graph.Build(), index, new RecommenderOptions
        {
            Items = new FeatureBatch(
                new Column<string>("item_id", items),
                new Column<string>("title", [.. items.Select(item => "The title of " + item)]),
                new Column<long>("year", [.. Enumerable.Range(0, count).Select(i => 1950L + (i % 70))])),
            Interactions = interactions,
        });
        recommender.Save(path);
    }

    private static float[] Numbers(ulong seed, int count)
    {
        var random = new SeededRandom(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)random.NextNormal();
        }

        return values;
    }
}

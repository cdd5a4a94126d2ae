using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DotRec.Indexing;
using DotRec.Kernels;
using DotRec.Onnx;
using DotRec.Serving;

namespace DotRec.Benchmarks;

/// <summary>
/// What one warm recommendation costs in process, raw features in: median and 99th percentile of the tower alone, of the index alone and
/// of the whole path, with the bytes it allocates, for catalogues of several sizes; then a batch, per query. The approximate index is
/// calibrated to a recall on other users than are asked for.
/// </summary>
internal static class ServingTable
{
    private const int Users = 943;
    private const int Dimension = 32;
    private const int ItemsACluster = 200;
    private const double Recall = 0.95;

    public static int Print()
    {
        Console.WriteLine(Measure().ToMarkdown());
        return 0;
    }

    /// <summary>Microseconds, medians but for the one 99th percentile.</summary>
    public static ResultTable Measure()
    {
        var rows = new List<JsonNode?[]>();
        foreach (var count in new[] { 1_682, 10_000, 100_000, 1_000_000 })
        {
            var clusters = Random(1, Math.Max(1, count / ItemsACluster) * Dimension);
            var items = Around(clusters, 2, count);
            var ids = ItemIds.From(Names(count));
            using var exact = BruteForceIndex.Build(items, ids);
            rows.Add(Row(count, "exact", exact, clusters));
            using var approximate = ScannIndex.Build(items, ids);
            var chosen = approximate.Calibrate(Around(clusters, 4, Users), Recall).Chosen;
            rows.Add(Row(count, string.Create(CultureInfo.InvariantCulture, $"approximate, recall {chosen.Recall:F3}"), approximate, clusters));
        }

        return new ResultTable(
            [
                new("items x 32", "N0"), new("index"), new("tower p50", "F1"), new("index p50", "F1"), new("whole call p50", "F1"), new("p99", "F1"),
                new("100 excluded, p50", "F1"), new($"batch of {Users}, a query", "F1"), new("bytes a call", "F0"),
            ],
            rows);
    }

    private static JsonNode?[] Row(int count, string name, IItemIndex index, float[] clusters)
    {
        using var recommender = new Recommender(UserTower(Around(clusters, 3, Users + 1)), index);
        var queries = Names(Users).Select(user => new { user_id = user }).ToArray();
        var embeddings = Array.ConvertAll(queries, recommender.EmbedQuery);
        var results = new Candidate[10];
        var options = new RecommendOptions { Exclude = [.. Names(100)] };
        var tower = Time(i => recommender.EmbedQuery(queries[i]));
        var search = Time(i => index.Search(embeddings[i], results));
        var call = Time(i => recommender.Recommend(queries[i]));
        var excluding = Time(i => recommender.Recommend(queries[i], options));
        var batch = Stopclock.Shortest(() => recommender.RecommendBatch(queries)) / Users;
        return [ResultTable.Number(count), name, .. new[] { tower.Median, search.Median, call.Median, call.Late, excluding.Median, batch * 1e6, call.Bytes }.Select(ResultTable.Number)];
    }

    // Microseconds, median and 99th percentile, and bytes a call.
    private static (double Median, double Late, double Bytes) Time(Action<int> call)
    {
        const int Calls = 4_000;
        var warm = 0;
        Stopclock.WarmUp(() => call(warm++ % Users));
        var microseconds = new double[Calls];
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            call(i % Users);
            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / Calls;
        Array.Sort(microseconds);
        return (microseconds[Calls / 2], microseconds[Calls * 99 / 100], bytes);
    }

    /// <summary>A lookup of the user id and one row of an embedding table: the tower of the basic retrieval model.</summary>
    private static OnnxModel UserTower(float[] users)
    {
        var graph = new OnnxGraph("user");
        var row = graph.Lookup(graph.Input("user_id", OnnxElementType.String, "batch"), Names(Users));
        var table = graph.Weight("table", users, Users + 1, Dimension);
        graph.Output("embedding", graph.Node("Gather", [table, row]), OnnxElementType.Float, "batch", "32");
        return graph.Build();
    }

    private static string[] Names(int count) => [.. Enumerable.Range(1, count).Select(id => id.ToString(CultureInfo.InvariantCulture))];

    // As trained vectors are: not spread evenly, but around the centres of clusters.
    private static float[] Around(float[] clusters, ulong seed, int count)
    {
        var values = Random(seed, count * Dimension);
        var random = new SeededRandom(seed).Stream(1);
        for (var row = 0; row < count; row++)
        {
            var cluster = random.NextInt(clusters.Length / Dimension);
            for (var i = 0; i < Dimension; i++)
            {
                values[(row * Dimension) + i] += clusters[(cluster * Dimension) + i];
            }
        }

        return values;
    }

    private static float[] Random(ulong seed, int count)
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

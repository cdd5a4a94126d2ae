using System.Diagnostics;
using System.Globalization;
using DotRec.Indexing;
using DotRec.Kernels;
using DotRec.Onnx;
using DotRec.Serving;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints what one warm recommendation costs in process, raw features in: median and 99th percentile of the tower alone, of the exact index
/// alone and of the whole path, with the bytes it allocates, for catalogues of several sizes; then a batch, per query.
/// </summary>
internal static class ServingTable
{
    private const int Users = 943;
    private const int Dimension = 32;

    public static int Print()
    {
        Console.WriteLine("| items x 32 | what | p50 us | p99 us | bytes |");
        Console.WriteLine("|---:|---|---:|---:|---:|");
        foreach (var count in new[] { 1_682, 10_000, 100_000 })
        {
            using var index = BruteForceIndex.Build(Random(1, count * Dimension), ItemIds.From(Names(count)));
            using var recommender = new Recommender(UserTower(), index);
            var queries = Names(Users).Select(user => new { user_id = user }).ToArray();
            var embeddings = Array.ConvertAll(queries, recommender.EmbedQuery);
            var results = new Candidate[10];
            var exclude = Names(100);
            Row(count, "tower", i => recommender.EmbedQuery(queries[i]));
            Row(count, "index, top 10", i => index.Search(embeddings[i], results));
            Row(count, "Recommend", i => recommender.Recommend(queries[i]));
            Row(count, "Recommend, 100 excluded", i => recommender.Recommend(queries[i], exclude: exclude));
            var batch = Stopclock.Shortest(() => recommender.RecommendBatch(queries)) / Users;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {count:N0} | RecommendBatch of {Users}, a query | {batch * 1e6:F1} | | |"));
        }

        return 0;
    }

    private static void Row(int count, string what, Action<int> call)
    {
        const int Calls = 10_000;
        for (var i = 0; i < Calls / 2; i++)
        {
            call(i % Users);
        }

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
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {count:N0} | {what} | {microseconds[Calls / 2]:F1} | {microseconds[Calls * 99 / 100]:F1} | {bytes} |"));
    }

    /// <summary>A lookup of the user id and one row of an embedding table: the tower of the basic retrieval model.</summary>
    private static OnnxModel UserTower()
    {
        var graph = new OnnxGraph("user");
        var row = graph.Node(
            "LabelEncoder",
            OnnxGraph.MachineLearningDomain,
            [graph.Input("user_id", OnnxElementType.String, "batch")],
            1,
            ("keys_strings", Names(Users)),
            ("values_int64s", Enumerable.Range(1, Users).Select(id => (long)id).ToArray()),
            ("default_int64", 0L))[0];
        var table = graph.Weight("table", Random(2, (Users + 1) * Dimension), Users + 1, Dimension);
        graph.Output("embedding", graph.Node("Gather", [table, row]), OnnxElementType.Float, "batch", "32");
        return graph.Build();
    }

    private static string[] Names(int count) => [.. Enumerable.Range(1, count).Select(id => id.ToString(CultureInfo.InvariantCulture))];

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

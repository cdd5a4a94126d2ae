using System.Diagnostics;
using System.Globalization;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints recall of ten, microseconds of each stage and queries a second of single searches on one thread, over a grid of settings:
/// <c>scann-search vectors.npy [cosine|dot|l2] [partitions]</c>. The queries are 2,000 rows held out of the index.
/// </summary>
internal static class ScannSearchTable
{
    private const int QueryCount = 2000;
    private const int K = 10;
    private const int Runs = 12;
    private static readonly int[] PartitionsToSearch = [16, 32, 64, 128, 256];
    private static readonly int[] RescoringCounts = [60, 120, 240];
    private static readonly string[] Stages = ["begin", "route", "tables", "scan", "rescore"];

    public static int Print(string[] arguments)
    {
        var function = ScannBuildTable.FunctionOf(arguments.ElementAtOrDefault(1));
        int? partitions = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : null;
        var (items, queries, dimension) = HoldOut(arguments[0], QueryCount);
        using var exact = BruteForceIndex.Build(items, dimension, null, function);
        var truth = exact.SearchBatch(queries, K);
        using var index = ScannIndex.Build(items, dimension, null, function, new ScannOptions { Tier = ScannTier.Tree, PartitionCount = partitions });
        Console.WriteLine($"{index.Count} x {dimension}, {function}, {index.PartitionCount} partitions, k = {K}, 1 thread, {PackedLookupKernels.Current}");
        Console.WriteLine($"microseconds a query: mean over {QueryCount} queries of the shortest of {Runs} runs; QPS: shortest whole run");
        Console.WriteLine($"| partitions searched | rescored | recall | {string.Join(" | ", Stages)} | all | QPS |");
        Console.WriteLine($"|---:|---:|---:|{string.Concat(Stages.Select(_ => "---:|"))}---:|---:|");
        foreach (var searched in PartitionsToSearch.Where(searched => searched <= index.PartitionCount))
        {
            foreach (var rescored in RescoringCounts)
            {
                Print(index, queries, truth, searched, rescored);
            }
        }

        return 0;
    }

    private static void Print(ScannIndex index, float[] queries, Candidate[][] truth, int searched, int rescored)
    {
        var options = new ScannSearchOptions(searched, rescored);
        var results = new Candidate[K];
        var found = 0;
        var whole = double.MaxValue;
        var stages = new double[QueryCount, Stages.Length];
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var query = 0; query < QueryCount; query++)
            {
                index.Search(queries.AsSpan(query * index.Dimension, index.Dimension), results, options);
            }

            whole = Math.Min(whole, Stopwatch.GetElapsedTime(start).TotalSeconds);
            for (var query = 0; query < QueryCount; query++)
            {
                var seconds = TimeStages(index.Snapshot, queries.AsSpan(query * index.Dimension, index.Dimension), results, searched, rescored);
                for (var stage = 0; stage < Stages.Length; stage++)
                {
                    stages[query, stage] = run == 0 ? seconds[stage] : Math.Min(stages[query, stage], seconds[stage]);
                }

                found += run == 0 ? truth[query].Count(candidate => results.Any(result => result.Row == candidate.Row)) : 0;
            }
        }

        var means = Stages.Select((_, stage) => Enumerable.Range(0, QueryCount).Average(query => stages[query, stage]) * 1e6).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {searched} | {rescored} | {found / (double)(QueryCount * K):f4} | {string.Join(" | ", means.Select(mean => mean.ToString("f2", CultureInfo.InvariantCulture)))} | {means.Sum():f1} | {QueryCount / whole:f0} |"));
    }

    private static double[] TimeStages(ScannSnapshot snapshot, ReadOnlySpan<float> vector, Span<Candidate> results, int searched, int rescored) =>
        PackedLookupKernels.Current switch
        {
            PackedLookupVariant.Avx512Vbmi => TimeStages<PanelAvx512, PackedLookupAvx512Vbmi>(snapshot, vector, results, searched, rescored),
            PackedLookupVariant.Avx512BW => TimeStages<PanelAvx512, PackedLookupAvx512>(snapshot, vector, results, searched, rescored),
            PackedLookupVariant.Avx2 => TimeStages<PanelAvx2, PackedLookupAvx2>(snapshot, vector, results, searched, rescored),
            PackedLookupVariant.AdvSimd => TimeStages<PanelPortable, PackedLookupAdvSimd>(snapshot, vector, results, searched, rescored),
            _ => TimeStages<PanelPortable, PackedLookupPortable>(snapshot, vector, results, searched, rescored),
        };

    private static double[] TimeStages<TPanel, TLookup>(ScannSnapshot snapshot, ReadOnlySpan<float> vector, Span<Candidate> results, int searched, int rescored)
        where TPanel : struct, IPanelKernel
        where TLookup : struct, IPackedLookupKernel
    {
        var query = ScannQuery.Rent();
        var (space, mask) = (new SearchSpace(snapshot), new EntryMask());
        mask.Begin(space, null);
        var begin = Stopwatch.GetTimestamp();
        query.Begin(space, vector, -1, []);
        var route = Stopwatch.GetTimestamp();
        query.Plan<TPanel>(new SearchEffort(searched, rescored, K, false, SearchMargins.Unknown), results.Length, null, mask);
        var tables = Stopwatch.GetTimestamp();
        query.PrepareScan();
        var scan = Stopwatch.GetTimestamp();
        var runs = new EntryRuns(space, null);
        ScannSearcher<TPanel, TLookup>.Scan(query, ref runs, 0, query.Route.Count);
        var rescore = Stopwatch.GetTimestamp();
        query.Rescore(null, mask, results);
        var end = Stopwatch.GetTimestamp();
        query.Return();
        return [Seconds(begin, route), Seconds(route, tables), Seconds(tables, scan), Seconds(scan, rescore), Seconds(rescore, end)];
    }

    private static double Seconds(long start, long end) => Stopwatch.GetElapsedTime(start, end).TotalSeconds;

    internal static (float[] Items, float[] Queries, int Dimension) HoldOut(string path, int queryCount)
    {
        using var source = EmbeddingSource.Open(path);
        using var hold = source.Hold();
        var order = Enumerable.Range(0, source.Count).ToArray();
        new SeededRandom(7).Shuffle<int>(order);
        var rows = new float[source.Count * source.Dimension];
        for (var i = 0; i < order.Length; i++)
        {
            source.Row(order[i]).CopyTo(rows.AsSpan(i * source.Dimension));
        }

        return (rows[(queryCount * source.Dimension)..], rows[..(queryCount * source.Dimension)], source.Dimension);
    }
}

using System.Globalization;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints what starting from an earlier index saves and costs: <c>scann-warm vectors.npy [cosine|dot|l2]</c>. The index wanted is always the one over
/// all rows but the queries; what differs is the index it starts from. Rounds of k-means, processor seconds, and the recall of ten of held-out
/// queries with <see cref="Searched"/> and <see cref="RescoredCandidates"/> as the setting; mean and standard deviation over seeds.
/// </summary>
internal static class ScannWarmTable
{
    private const int QueryCount = 2000;
    private const int K = 10;
    private const int Seeds = 3;
    private const int ChainLength = 4;

    // Noise of a retraining, as a share of the root mean square component.
    private const double Drift = 0.2;

    private static readonly ScannSearchOptions Setting = new(Searched, RescoredCandidates);

    private const int Searched = 32;
    private const int RescoredCandidates = 120;

    public static int Print(string[] arguments)
    {
        var function = ScannBuildTable.FunctionOf(arguments.ElementAtOrDefault(1));
        var (items, queries, dimension) = ScannSearchTable.HoldOut(arguments[0], QueryCount);
        Candidate[][] truth;
        using (var exact = BruteForceIndex.Build(items, dimension, null, function))
        {
            truth = exact.SearchBatch(queries, K);
        }

        var rows = new SortedDictionary<string, List<double[]>>(StringComparer.Ordinal);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var options = new ScannOptions { Seed = (ulong)seed };
            ScannIndex Build(float[] from, ScannIndex? start, string? name = null)
            {
                var clock = new StageClock();
                var index = ScannIndex.Build(from, dimension, null, function, options, start, clock);
                if (name is not null)
                {
                    var seconds = clock.Finish();
                    var recall = Recall(index.SearchBatch(queries, K, Setting), truth);
                    rows.TryAdd(name, []);
                    rows[name].Add(
                        [index.PartitionCount, clock.Rounds, seconds[ScannStage.Partitioning], seconds[ScannStage.TrainingCodebook], seconds.Values.Sum(), recall]);
                }

                return index;
            }

            using var cold = Build(items, null, "0 cold");
            Build(items, cold, "1 the same rows").Dispose();
            using (var fewer = Build(items[..(items.Length / dimension * 9 / 10 * dimension)], null))
            {
                Build(items, fewer, "2 nine tenths of the rows").Dispose();
            }

            using (var moved = Build(Moved(items, seed), null))
            {
                Build(items, moved, "3 rows moved by noise").Dispose();
            }

            using (var turned = Build(Turned(items, dimension), null))
            {
                Build(items, turned, "4 another space").Dispose();
            }

            var last = Build(Moved(items, 100), null);
            for (var step = 1; step < ChainLength; step++)
            {
                using var before = last;
                last = Build(Moved(items, 100 + step), before);
            }

            using (last)
            {
                Build(items, last, $"5 a chain of {ChainLength} warm builds").Dispose();
            }
        }

        Console.WriteLine($"{items.Length / dimension} x {dimension}, {function}, {Seeds} seeds, {Searched} partitions searched, {RescoredCandidates} rescored, {Parallelism.MaxDegreeOfParallelism} threads, {KernelSelection.Current}");
        Console.WriteLine("| begun from an index of | partitions | rounds | k-means, s | codewords, s | all, s | recall of ten |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, runs) in rows)
        {
            double Min(int i) => runs.Min(run => run[i]);
            var (mean, deviation) = MeanAndDeviation(runs.Select(run => run[5]).ToArray());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name[2..]} | {runs.Average(run => run[0]):f0} | {runs.Average(run => run[1]):f1} | {Min(2):f2} | {Min(3):f2} | {Min(4):f2} | {mean:f4} ± {deviation:f4} |"));
        }

        return 0;
    }

    private static Candidate[][] SearchBatch(this ScannIndex index, float[] queries, int k, ScannSearchOptions options)
    {
        var count = queries.Length / index.Dimension;
        var (results, counts) = (new Candidate[count * k], new int[count]);
        index.SearchBatch(queries, k, results, counts, options);
        return [.. counts.Select((found, query) => results.AsSpan(query * k, found).ToArray())];
    }

    private static double Recall(Candidate[][] found, Candidate[][] truth) =>
        found.Zip(truth, (a, b) => a.Select(candidate => candidate.Row).Intersect(b.Select(candidate => candidate.Row)).Count() / (double)K).Average();

    private static (double Mean, double Deviation) MeanAndDeviation(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Length - 1)));
    }

    // A model trained on from the last one: every component a little off.
    private static float[] Moved(float[] items, int seed)
    {
        var random = new SeededRandom((ulong)(1000 + seed));
        var noise = Drift * Math.Sqrt(items.Average(value => (double)value * value));
        return Array.ConvertAll(items, value => (float)(value + (noise * random.NextNormal())));
    }

    // A model trained anew: the same distances, other axes.
    private static float[] Turned(float[] items, int dimension)
    {
        var turned = new float[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            var (row, component) = (i / dimension, i % dimension);
            turned[(row * dimension) + ((component + 1) % dimension)] = component % 2 == 0 ? items[i] : -items[i];
        }

        return turned;
    }
}

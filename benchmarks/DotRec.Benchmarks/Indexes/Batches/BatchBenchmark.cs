using System.Diagnostics;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Measures batches of queries beside single ones, on one thread and on all.</summary>
/// <param name="corpus">Items and queries; all queries ask, again and again where a batch is larger.</param>
/// <param name="index">The index.</param>
/// <param name="exact">All items, exactly.</param>
/// <param name="k">Candidates a query.</param>
/// <param name="passes">Times everything is done; the median counts.</param>
internal sealed class BatchBenchmark(VectorCorpus corpus, ScannIndex index, IItemIndex exact, int k, int passes)
{
    // Less than this a clock and a busy machine do not tell well.
    private const double MinSeconds = 0.05;
    private const int MostRounds = 1000;

    // Queries that recall is reported over: those of odd number, as settings are chosen on the others.
    private const int MostRecallQueries = 1000;

    private static readonly double[] Targets = [0.9, 0.99];

    public IReadOnlyList<BatchFigures> Run(IReadOnlyList<int> sizes, CancellationToken cancellation)
    {
        var all = Parallelism.MaxDegreeOfParallelism;
        var asked = corpus.TestQueries(MostRecallQueries);
        var truth = GroundTruth.Compute(exact, corpus.WithQueries(asked), k, cancellation: cancellation);
        var figures = new List<BatchFigures>();
        try
        {
            foreach (var target in Targets)
            {
                var settings = Calibrations.Run(index, corpus, target, k, cancellation).Options;
                foreach (var threads in (int[])[.. ((int[])[1, all]).Distinct()])
                {
                    Terminal.Say(FormattableString.Invariant($"measuring batches at recall {target} on {threads} {(threads == 1 ? "thread" : "threads")}"));
                    Parallelism.MaxDegreeOfParallelism = threads;
                    figures.AddRange(Measure(target, threads, settings, sizes, found => Recall(truth, asked, found), cancellation));
                }
            }
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = all;
        }

        return figures;
    }

    // Passes go round the single searches and all sizes. The first is not timed: it gives the answers, and says how often to go on for a measurable time.
    private IEnumerable<BatchFigures> Measure(double target, int threads, ScannSearchOptions settings, IReadOnlyList<int> sizes, Func<Answered, double> recall, CancellationToken cancellation)
    {
        var singles = new Answered(corpus.QueryCount, k);
        var runs = new List<(int Queries, Func<double> Run)> { (corpus.QueryCount, () => Singles(threads, settings, singles, cancellation)) };
        var batches = sizes.Select(size => new Answered(Math.Max(size, corpus.QueryCount), k)).ToArray();
        for (var i = 0; i < batches.Length; i++)
        {
            var (size, found) = (sizes[i], batches[i]);
            var queries = found.Counts.Length == corpus.QueryCount
                ? corpus.Queries
                : corpus.WithQueries([.. Enumerable.Range(0, found.Counts.Length).Select(query => query % corpus.QueryCount)]).Queries;
            runs.Add((found.Counts.Length, () => Batches(queries, size, settings, found, cancellation)));
        }

        var rounds = runs.ConvertAll(run => (int)Math.Clamp(MinSeconds / run.Run(), 1, MostRounds));
        var mismatches = Array.ConvertAll(batches, batch => Enumerable.Range(0, batch.Counts.Length).Count(query => !batch.Of(query).SequenceEqual(singles.Of(query % corpus.QueryCount))));
        var qps = runs.ConvertAll(_ => new List<double>());
        for (var pass = 0; pass < passes; pass++)
        {
            for (var i = 0; i < runs.Count; i++)
            {
                qps[i].Add(rounds[i] * runs[i].Queries / Enumerable.Range(0, rounds[i]).Sum(_ => runs[i].Run()));
            }
        }

        return sizes.Select((size, i) => new BatchFigures(target, threads, size, recall(batches[i]), Median.Of(qps[i + 1]), Median.Of(qps[0]), mismatches[i]));
    }

    private double Recall(GroundTruth truth, int[] asked, Answered found) =>
        truth.Recall(Array.ConvertAll(asked, query => found.Of(query).ToArray()), Math.Min(k, corpus.ItemCount));

    private double Singles(int threads, ScannSearchOptions settings, Answered found, CancellationToken cancellation)
    {
        // Threads are there before the clock starts, as those of a batch are.
        using var go = new ManualResetEventSlim();
        var askers = Enumerable.Range(1, threads - 1).Select(first => new Thread(() =>
        {
            go.Wait(CancellationToken.None);
            Ask(first);
        })).ToArray();
        Array.ForEach(askers, asker => asker.Start());
        var start = Stopwatch.GetTimestamp();
        go.Set();
        Ask(0);
        Array.ForEach(askers, asker => asker.Join());
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cancellation.ThrowIfCancellationRequested();
        return seconds;

        void Ask(int first)
        {
            for (var query = first; query < corpus.QueryCount && !cancellation.IsCancellationRequested; query += threads)
            {
                found.Counts[query] = index.Search(corpus.Query(query), found.Candidates.AsSpan(query * k, k), settings);
            }
        }
    }

    private double Batches(float[] queries, int size, ScannSearchOptions settings, Answered found, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        for (var first = 0; first < found.Counts.Length; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(size, found.Counts.Length - first);
            index.SearchBatch(
                queries.AsSpan(first * corpus.Dimension, count * corpus.Dimension), k, found.Candidates.AsSpan(first * k, count * k), found.Counts.AsSpan(first, count), settings);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // Room for the answers to some queries.
    private sealed class Answered(int queries, int k)
    {
        public Candidate[] Candidates { get; } = new Candidate[checked(queries * k)];

        public int[] Counts { get; } = new int[queries];

        public ReadOnlySpan<Candidate> Of(int query) => Candidates.AsSpan(query * k, Counts[query]);
    }
}

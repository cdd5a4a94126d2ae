using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>What a calibrated search finds of the best where some items may not be returned, against what it finds where all may.</summary>
public sealed class RestrictedRecallTests
{
    private const int Dimension = 24;
    private const int Count = 20_000;
    private const int QueryCount = 300;
    private const int K = 10;
    private const double Allowed = 0.02;

    private static readonly float[] s_values = Corpus.Clustered(51, Count + (2 * QueryCount), Dimension, clusters: 200);
    private static readonly float[] s_items = s_values[..(Count * Dimension)];
    private static readonly float[] s_training = s_values[(Count * Dimension)..((Count + QueryCount) * Dimension)];
    private static readonly float[] s_queries = s_values[((Count + QueryCount) * Dimension)..];

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.Cosine)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public void Recall_under_restrictions_stays_near_that_without(ScoreFunction function)
    {
        using var index = ScannIndex.Build(s_items, Dimension, null, function, cancellationToken: TestContext.Current.CancellationToken);
        index.Calibrate(s_training, 0.95, K, TestContext.Current.CancellationToken);
        var (scores, problems) = (Scores(index, function), new List<string>());
        var free = Recall(index, scores, null, null);
        var restrictions = new Restrictions(scores, 6);
        foreach (var (name, filter) in Filters(restrictions))
        {
            Check(name, index, filter, null);
        }

        foreach (var count in new[] { 5, 50, 500 })
        {
            Check($"best {count} excluded", index, null, restrictions.ExcludeBest(count));
        }

        Check("random 50 excluded", index, null, restrictions.ExcludeRandom(50));
        Check("random half, best 50 excluded", index, restrictions.Random(0.5), restrictions.ExcludeBest(50));
        using var live = new LiveIndex(index, rebuildAfter: int.MaxValue);
        Delete(restrictions.Random(0.3));
        Check("random tombstones", live.Current, null, null);
        Delete(Restrictions.Near(s_values, Dimension, Count + QueryCount, 0.1, isFar: false));
        Check("clustered tombstones too", live.Current, null, null);
        Check("tombstones and half allowed", live.Current, restrictions.Random(0.5), null);
        Assert.Empty(problems);

        void Delete(ItemFilter gone) => live.Delete([.. Enumerable.Range(0, Count).Where(gone.Allows).Select(row => (long)row)]);

        void Check(string name, IItemIndex searched, ItemFilter? filter, int[][]? excluded)
        {
            var recall = Recall(searched, scores, filter, excluded);
            var error = Math.Sqrt((free.Variance + recall.Variance) / QueryCount);
            var text = $"{name}: {recall.Mean:f4}, without {free.Mean:f4}, standard error {error:f4}";
            TestContext.Current.SendDiagnosticMessage("{0} {1}", function, text);
            if (recall.Mean < free.Mean - Allowed - (2 * error))
            {
                problems.Add(text);
            }
        }
    }

    private static IEnumerable<(string Name, ItemFilter Filter)> Filters(Restrictions restrictions)
    {
        foreach (var share in new[] { 0.5, 0.2, 0.05, 0.01 })
        {
            yield return ($"random {share}", restrictions.Random(share));
            yield return ($"near an item {share}", Restrictions.Near(s_items, Dimension, 33, share, isFar: false));
            yield return ($"far from an item {share}", Restrictions.Near(s_items, Dimension, 33, share, isFar: true));
            yield return ($"best of a query {share}", restrictions.Best(share));
            yield return ($"worst of a query {share}", restrictions.Worst(share));
        }
    }

    private static float[][] Scores(ScannIndex index, ScoreFunction function)
    {
        using var exact = BruteForceIndex.Build(s_items, Dimension, null, function);
        var scores = new float[QueryCount][];
        var results = new Candidate[index.Count];
        for (var query = 0; query < QueryCount; query++)
        {
            scores[query] = new float[Count];
            exact.Search(s_queries.AsSpan(query * Dimension, Dimension), results);
            foreach (var candidate in results)
            {
                scores[query][candidate.Row] = candidate.Score;
            }
        }

        return scores;
    }

    private static (double Mean, double Variance) Recall(IItemIndex index, float[][] scores, ItemFilter? filter, int[][]? excluded)
    {
        var recalls = new double[QueryCount];
        var lists = index.SearchBatch(s_queries, K, filter, excluded);
        var isThere = Enumerable.Range(0, Count).Select(row => filter?.Allows(row) != false && index.Ids.RowOf((long)row) >= 0).ToArray();
        Parallelism.For(QueryCount, query =>
        {
            var best = new TopSelector(K);
            var kept = excluded is null ? null : new HashSet<int>(excluded[query]);
            for (var row = 0; row < Count; row++)
            {
                if (isThere[row] && kept?.Contains(row) != true)
                {
                    best.Add(scores[query][row], row);
                }
            }

            var (values, rows) = (new float[K], new int[K]);
            var count = best.CopyBest(values, rows);
            recalls[query] = lists[query].Count(candidate => candidate.Score >= values[count - 1]) / (double)count;
        });
        var mean = recalls.Average();
        return (mean, recalls.Average(recall => (recall - mean) * (recall - mean)));
    }
}

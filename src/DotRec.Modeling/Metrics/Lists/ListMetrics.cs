namespace DotRec.Modeling;

/// <summary>
/// How well recommended lists find what queries chose, query by query. A query may have several relevant items; queries without any are left out, and counted.
/// </summary>
/// <remarks>
/// With hits being relevant items among the first k, and R all relevant ones of a query: hit rate, 1 where there is a hit; recall, hits / |R|; recallMin, hits / min(k, |R|), which
/// the papers on variational autoencoders call recall; precision, hits / k; NDCG, Σ 1 / log2(1 + rank) over hits, divided by what min(k, |R|) hits at the top give; MAP, the mean over the
/// first min(k, |R|) hits of the precision at their ranks; MRR, 1 / rank of the first hit. All are means over queries, as papers report them.
/// </remarks>
public sealed class ListMetrics
{
    private readonly Dictionary<string, MetricSample> _samples = new(StringComparer.Ordinal);

    private ListMetrics(int queryCount, int skipped, int[] queries) => (QueryCount, SkippedCount, Queries) = (queryCount, skipped, queries);

    /// <summary>Queries with a relevant item: those that are measured.</summary>
    public int QueryCount { get; }

    /// <summary>Queries without any, which are left out.</summary>
    public int SkippedCount { get; }

    /// <summary>The position of each measured query among the lists.</summary>
    public IReadOnlyList<int> Queries { get; }

    /// <summary>The metrics by name: hitRate, recall, recallMin, precision, ndcg and map, each "@k", and mrr.</summary>
    public IReadOnlyDictionary<string, MetricSample> Samples => _samples;

    /// <summary>A metric.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name; the message lists those there are.</exception>
    public MetricSample this[string name] => _samples.TryGetValue(name, out var sample) ? sample : throw new KeyNotFoundException(
        $"There is no metric '{name}'. There are: {string.Join(", ", _samples.Keys)}.");

    /// <summary>Measures lists.</summary>
    /// <param name="lists">The recommended items of each query, best first, each once.</param>
    /// <param name="relevant">The items that each query chose; repeats count once.</param>
    /// <param name="ks">List lengths. A list may be shorter.</param>
    /// <exception cref="ArgumentException">The numbers of queries differ, no query has a relevant item, or a k is below 1.</exception>
    public static ListMetrics Of(IReadOnlyList<int[]> lists, IReadOnlyList<int[]> relevant, params IReadOnlyList<int> ks)
    {
        ArgumentNullException.ThrowIfNull(lists);
        ArgumentNullException.ThrowIfNull(relevant);
        ArgumentNullException.ThrowIfNull(ks);
        if (lists.Count != relevant.Count || ks.Count == 0 || ks.Any(k => k < 1))
        {
            throw new ArgumentException($"There are {lists.Count} lists, {relevant.Count} sets of relevant items and the lengths {string.Join(", ", ks)}. Give a set a list, and lengths of at least 1.", nameof(relevant));
        }

        int[] queries = [.. Enumerable.Range(0, lists.Count).Where(query => relevant[query].Length > 0)];
        var metrics = new ListMetrics(queries.Length, lists.Count - queries.Length, queries);
        var ranks = Array.ConvertAll(queries, query => HitRanks(lists[query], [.. relevant[query]]));
        var counts = Array.ConvertAll(queries, query => relevant[query].Distinct().Count());
        foreach (var k in ks.Distinct().Order())
        {
            metrics.Add(FormattableString.Invariant($"hitRate@{k}"), i => Hits(i, k) > 0 ? 1 : 0);
            metrics.Add(FormattableString.Invariant($"recall@{k}"), i => (double)Hits(i, k) / counts[i]);
            metrics.Add(FormattableString.Invariant($"recallMin@{k}"), i => (double)Hits(i, k) / Math.Min(k, counts[i]));
            metrics.Add(FormattableString.Invariant($"precision@{k}"), i => (double)Hits(i, k) / k);
            metrics.Add(FormattableString.Invariant($"ndcg@{k}"), i => Gain(ranks[i].Take(Hits(i, k))) / Gain(Enumerable.Range(1, Math.Min(k, counts[i]))));
            metrics.Add(FormattableString.Invariant($"map@{k}"), i => ranks[i].Take(Hits(i, k)).Select((rank, before) => (before + 1.0) / rank).Sum() / Math.Min(k, counts[i]));
        }

        metrics.Add("mrr", i => ranks[i].Count == 0 ? 0 : 1.0 / ranks[i][0]);
        return metrics;

        int Hits(int i, int k) => ranks[i].Count(rank => rank <= k);
    }

    private void Add(string name, Func<int, double> value) => _samples.Add(name, new MetricSample(name, [.. Enumerable.Range(0, QueryCount).Select(value)]));

    private static List<int> HitRanks(int[] list, HashSet<int> relevant)
    {
        var (ranks, seen) = (new List<int>(), new HashSet<int>());
        for (var i = 0; i < list.Length; i++)
        {
            if (!seen.Add(list[i]))
            {
                throw new ArgumentException($"A list has item {list[i]} twice; an item takes one place.", nameof(list));
            }

            if (relevant.Contains(list[i]))
            {
                ranks.Add(i + 1);
            }
        }

        return ranks;
    }

    private static double Gain(IEnumerable<int> ranks) => ranks.Sum(rank => 1 / Math.Log2(1 + rank));
}

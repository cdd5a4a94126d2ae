using DotRec.Cli;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>
/// Finds the fastest setting of an index that reaches a recall, on the queries of even number; what is reported is measured on the others. For every
/// number of partitions the fewest candidates are found by bisection, and those pairs are timed.
/// </summary>
internal sealed class SettingSearch
{
    // From the fewest partitions that can reach the recall to so many times as many.
    private const double Reach = 2;
    private const double Step = 1.15;
    private const int ValidationQueries = 600;
    private const int GreatestRescoring = 1500;
    private const int TimedQueries = 400;

    // A pair this much slower than the fastest in one pass is not timed again.
    private const double Slack = 1.15;
    private const int Passes = 3;

    private readonly VectorCorpus _corpus;
    private readonly GroundTruth _truth;
    private readonly Candidate[] _found;
    private readonly int[] _validation;
    private readonly float[] _validationQueries;
    private readonly Dictionary<ScannSearchOptions, double> _recalls = [];

    public SettingSearch(ScannIndex index, VectorCorpus corpus, GroundTruth truth)
    {
        (Index, _corpus, _truth) = (index, corpus, truth);
        _found = new Candidate[truth.K];
        _validation = [.. Half(corpus, 0).Take(ValidationQueries)];
        _validationQueries = Vectors(corpus, _validation);
        Test = Half(corpus, 1);
    }

    public ScannIndex Index { get; }

    /// <summary>The queries that results are reported on.</summary>
    public int[] Test { get; }

    /// <summary>The queries of even number (0) or odd number (1).</summary>
    public static int[] Half(VectorCorpus corpus, int first) => [.. Enumerable.Range(0, corpus.QueryCount).Where(query => query % 2 == first)];

    /// <summary>Recall of some queries at a setting.</summary>
    public double Recall(ScannSearchOptions setting, int[] queries) => Recall(setting, queries, Vectors(_corpus, queries));

    /// <summary>The fastest setting, or null when none reaches the recall.</summary>
    public ScannSearchOptions? Fastest(double target)
    {
        List<ScannSearchOptions> pairs = [];
        foreach (var partitions in Steps(1, Index.PartitionCount))
        {
            if (pairs.Count > 0 && (partitions > Reach * pairs[0].PartitionsToSearch || pairs[^1].RescoringCount == _truth.K))
            {
                break;
            }

            if (Fewest(partitions, target) is { } pair)
            {
                pairs.Add(pair);
            }
        }

        if (pairs.Count < 2)
        {
            return pairs.Count == 0 ? null : pairs[0];
        }

        var timed = _validation.Take(TimedQueries).ToArray();
        var seconds = pairs.ConvertAll(pair => Seconds(pair, timed));
        var hopeful = pairs.Where((_, i) => seconds[i] <= Slack * seconds.Min()).ToArray();
        return hopeful.MinBy(pair => Enumerable.Range(0, Passes).Min(_ => Seconds(pair, timed)));
    }

    /// <summary>Processor time of one pass of single searches.</summary>
    public double Seconds(ScannSearchOptions setting, int[] queries)
    {
        var start = ThreadClock.Seconds();
        foreach (var query in queries)
        {
            Index.Search(_corpus.Query(query), _found, setting);
        }

        return ThreadClock.Seconds() - start;
    }

    private ScannSearchOptions? Fewest(int partitions, double target)
    {
        var steps = Steps(_truth.K, Math.Min(GreatestRescoring, Index.Count));
        if (Known(new ScannSearchOptions(partitions, steps[^1])) < target)
        {
            return null;
        }

        var (low, high) = (0, steps.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Known(new ScannSearchOptions(partitions, steps[middle])) >= target ? (low, middle) : (middle + 1, high);
        }

        return new ScannSearchOptions(partitions, steps[low]);
    }

    private double Known(ScannSearchOptions setting)
    {
        if (!_recalls.TryGetValue(setting, out var recall))
        {
            _recalls[setting] = recall = Recall(setting, _validation, _validationQueries);
        }

        return recall;
    }

    private double Recall(ScannSearchOptions setting, int[] queries, float[] vectors)
    {
        var results = new Candidate[queries.Length * _truth.K];
        var counts = new int[queries.Length];
        Index.SearchBatch(vectors, _truth.K, results, counts, setting);
        return queries.Select((query, i) => _truth.Hits(query, results.AsSpan(i * _truth.K, counts[i]))).Sum() / ((double)queries.Length * _truth.K);
    }

    private static float[] Vectors(VectorCorpus corpus, int[] queries) => [.. queries.SelectMany(query => corpus.Query(query).ToArray())];

    private static List<int> Steps(int first, int last)
    {
        List<int> steps = [];
        for (var step = first; step < last; step = Math.Max(step + 1, (int)(step * Step)))
        {
            steps.Add(step);
        }

        steps.Add(last);
        return steps;
    }
}

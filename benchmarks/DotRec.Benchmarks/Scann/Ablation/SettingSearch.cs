using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>
/// Finds the cheapest setting of an index that reaches a recall, on queries of even number; what is reported is measured on the others. As
/// <see cref="ScannIndex.Calibrate(ReadOnlySpan{float}, double, int, CancellationToken)"/> does, it counts bytes read, so that the choice is the same on a busy machine, but in finer steps.
/// </summary>
internal sealed class SettingSearch
{
    private const double PartitionStep = 1.15;
    private const double RescoringStep = 1.1;

    // Routing's ceiling is over all queries of even number, of which some are searched: what is this far below the target cannot reach it.
    private const double CeilingMargin = 0.01;

    private const int ValidationQueries = 600;
    private const int MaxRescoring = 1500;

    // As ScannCalibrator counts: a byte of a row from anywhere in memory costs as much as four of a scan.
    private const double RandomReadCost = 4;

    private readonly VectorCorpus _corpus;
    private readonly GroundTruth _truth;
    private readonly RoutingCurve _validationCurve;
    private readonly Candidate[] _found;
    private readonly int[] _validation;
    private readonly float[] _validationQueries;
    private readonly double _bytesAnEntry;
    private readonly Dictionary<ScannSearchOptions, double> _recalls = [];

    /// <param name="index">What is searched.</param>
    /// <param name="corpus">Items and queries.</param>
    /// <param name="truth">The right answers.</param>
    /// <param name="validationCurve">How many entries are scanned, over the queries of even number.</param>
    /// <param name="hasScales">Whether a scan reads a scale for every code.</param>
    public SettingSearch(ScannIndex index, VectorCorpus corpus, GroundTruth truth, RoutingCurve validationCurve, bool hasScales)
    {
        (Index, _corpus, _truth, _validationCurve) = (index, corpus, truth, validationCurve);
        _found = new Candidate[truth.K];
        _validation = [.. Half(corpus, 0).Take(ValidationQueries)];
        _validationQueries = Vectors(corpus, _validation);
        _bytesAnEntry = (index.Snapshot.Codes.Subspaces / 2.0) + (hasScales ? sizeof(short) : 0);
    }

    public ScannIndex Index { get; }

    /// <summary>The queries of even number (0) or odd number (1).</summary>
    public static int[] Half(VectorCorpus corpus, int first) => [.. Enumerable.Range(0, corpus.QueryCount).Where(query => query % 2 == first)];

    /// <summary>Recall of some queries at a setting.</summary>
    public double Recall(ScannSearchOptions setting, int[] queries) => Recall(setting, queries, Vectors(_corpus, queries));

    /// <summary>The cheapest setting, or null when none reaches the recall.</summary>
    public ScannSearchOptions? Cheapest(double target)
    {
        (ScannSearchOptions Setting, double Cost)? best = null;
        foreach (var partitions in Steps(1, Index.PartitionCount, PartitionStep).Where(count => _validationCurve.Ceiling(count) >= target - CeilingMargin))
        {
            if (best is { } found && Cost(new ScannSearchOptions(partitions, _truth.K), _validationCurve) >= found.Cost)
            {
                break;
            }

            if (Fewest(partitions, target) is { } setting && Cost(setting, _validationCurve) is var cost && !(cost >= best?.Cost))
            {
                best = (setting, cost);
            }
        }

        return best?.Setting;
    }

    /// <summary>Bytes a query reads of codes and rows, those of rows four times; what routing reads is the same for every setting and left out.</summary>
    public double Cost(ScannSearchOptions setting, RoutingCurve curve) =>
        (curve.Entries(setting.PartitionsToSearch!.Value) * _bytesAnEntry) + (Rescored(setting) * RandomReadCost * sizeof(float) * Index.Dimension);

    /// <summary>Most candidates whose exact scores are computed: a search of a spilled index keeps twice as many, of which some are both copies of one item.</summary>
    public int Rescored(ScannSearchOptions setting) => Math.Min(Index.Count, setting.RescoringCount!.Value * (Index.Snapshot.Codes.HasSpilled ? 2 : 1));

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
        var steps = Steps(_truth.K, Math.Min(MaxRescoring, Index.Count), RescoringStep);
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

    private static List<int> Steps(int first, int last, double factor)
    {
        List<int> steps = [];
        for (var step = first; step < last; step = Math.Max(step + 1, (int)(step * factor)))
        {
            steps.Add(step);
        }

        steps.Add(last);
        return steps;
    }
}

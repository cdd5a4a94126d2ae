using System.Diagnostics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Finds the cheapest setting that reaches a recall. One scan a query tells the recall of every setting (<see cref="RankStudy"/>); only the chosen
/// one is then searched with.
/// </summary>
/// <remarks>
/// Costs are counted in bytes read, not in time, so that the same index and queries give the same setting on every machine and on a busy one.
/// </remarks>
internal sealed class ScannCalibrator
{
    // More partitions than so many times the fewest that meet the target are not looked at: they cost more than candidates do.
    private const int MaxMultiple = 4;

    private const float MarginStep = 1.25f;
    private const float MaxMarginFactor = 16;

    private readonly ScannIndex _index;
    private readonly SearchSpace _space;
    private readonly ReadOnlyMemory<float> _queries;
    private readonly ExactAnswers _answers;
    private readonly IReadOnlyList<int[]>? _excludedRows;
    private readonly CancellationToken _cancellation;
    private readonly double _bytesAPartition;
    private readonly double _bytesACandidate;
    private int _minPartitions = 1;
    private int _minRescoring = 1;
    private long[] _met = [];

    private ScannCalibrator(ScannIndex index, ReadOnlyMemory<float> queries, int k, IReadOnlyList<int[]>? excludedRows, CancellationToken cancellationToken)
    {
        _index = index;
        _space = new SearchSpace(index.Snapshot);
        _queries = queries;
        _answers = ExactAnswers.Of(index, queries.Span, k, excludedRows);
        _excludedRows = excludedRows;
        _cancellation = cancellationToken;
        var codes = index.Snapshot.Codes;
        _bytesAPartition = (double)codes.BlockCount * PackedLookup.BlockItems * codes.EntryBytes / codes.PartitionCount;
        _bytesACandidate = SearchPlan.RandomReadCost * index.Snapshot.CandidateBytes;
    }

    /// <summary>Finds the setting; the caller holds the index' memory.</summary>
    /// <param name="index">The index.</param>
    /// <param name="queries">[Q, D].</param>
    /// <param name="targetRecall">Above 0, up to 1.</param>
    /// <param name="k">At least 1.</param>
    /// <param name="excludedRows">Rows that each query may not return, or null.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static (ScannCalibration Calibration, SearchDefaults Defaults) Run(
        ScannIndex index, ReadOnlyMemory<float> queries, double targetRecall, int k, IReadOnlyList<int[]>? excludedRows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var calibrator = new ScannCalibrator(index, queries, Math.Min(k, index.Count), null, cancellationToken);
        var (chosen, curve) = calibrator.Choose(targetRecall, measures: true);
        var defaults = calibrator.Defaults(chosen, k);
        if (excludedRows is not null)
        {
            (chosen, defaults) = calibrator.Widen(chosen, defaults, targetRecall, excludedRows);
        }

        return (new ScannCalibration(targetRecall, k, chosen, curve), defaults);
    }

    /// <summary>Finds the setting without searching with it, of those that go at least as far as another one.</summary>
    public static SearchDefaults Estimate(
        ScannIndex index, ReadOnlyMemory<float> queries, double targetRecall, int k, IReadOnlyList<int[]> excludedRows, SearchEffort min,
        CancellationToken cancellationToken)
    {
        var calibrator = new ScannCalibrator(index, queries, Math.Min(k, index.Count - 1), excludedRows, cancellationToken)
        {
            _minPartitions = Math.Min(min.Partitions, index.PartitionCount),
            _minRescoring = Math.Min(min.Rescoring, index.Count),
        };
        return calibrator.Defaults(calibrator.Choose(targetRecall, measures: false).Chosen, k);
    }

    private SearchDefaults Defaults(ScannOperatingPoint chosen, int k) => new(chosen.Options, k, Margins(chosen)) { PartitionCount = _index.PartitionCount };

    private (ScannOperatingPoint Chosen, ScannOperatingPoint[] Curve) Choose(double target, bool measures)
    {
        var steps = StepsFor(target);
        var study = RankStudy.Run(_index.Searcher, _space, _queries, _answers, _excludedRows, steps, _cancellation);

        // Rows in few bits lose some of what codes find: aim higher until the recall is there.
        for (var aim = target; ; aim += (1 - aim) / 2)
        {
            var curve = new ScannOperatingPoint[steps.Length];
            for (var step = 0; step < steps.Length; step++)
            {
                curve[step] = Fewest(study, step, steps[step], aim);
            }

            var reached = Array.FindAll(curve, point => point.Recall >= aim);
            var chosen = (reached.Length > 0 ? reached : curve).OrderByDescending(point => reached.Length > 0 ? 0 : point.Recall).ThenBy(Cost).First();
            chosen = measures ? Measure(chosen, _answers, SearchMargins.Unknown, null) : chosen;
            if (!measures || chosen.Recall >= target || reached.Length == 0 || aim > 1 - 1e-3)
            {
                curve[Array.FindIndex(curve, point => point.PartitionsToSearch == chosen.PartitionsToSearch)] = chosen;
                return (chosen, curve);
            }
        }
    }

    // The numbers of partitions worth looking at.
    private int[] StepsFor(double target)
    {
        var steps = Steps(1, _index.PartitionCount);
        _met = RankStudy.Places(_index.Searcher, _space, _queries, _answers, _cancellation);
        var needed = target * Math.Max(1, _answers.Count);
        var first = Math.Min(steps.FindIndex(step => _met[step - 1] >= needed) is var at and >= 0 ? at : steps.Count - 1, steps.Count - 1);
        var min = Math.Max(steps[first], _minPartitions);
        return [.. steps.Where(step => step >= min && step <= (long)MaxMultiple * min).DefaultIfEmpty(_index.PartitionCount)];
    }

    // The fewest candidates that reach the target, or the most where none do.
    private ScannOperatingPoint Fewest(RankStudy study, int step, int partitions, double target)
    {
        var counts = Steps(Math.Max(_answers.K, _minRescoring), _index.Count);
        var (low, high) = (0, counts.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Recall(study.Found(step, counts[middle])) >= target ? (low, middle) : (middle + 1, high);
        }

        return new ScannOperatingPoint(partitions, counts[low], Recall(study.Found(step, counts[low])), double.NaN);
    }

    private double Recall(long found) => _answers.Count == 0 ? 1 : found / (double)_answers.Count;

    // Searches look farther only where something is excluded: the margins widen until the recall is there.
    private (ScannOperatingPoint Chosen, SearchDefaults Defaults) Widen(
        ScannOperatingPoint chosen, SearchDefaults defaults, double target, IReadOnlyList<int[]> excludedRows)
    {
        var answers = ExactAnswers.Of(_index, _queries.Span, _answers.K, excludedRows);
        for (var factor = 1f; ; factor *= MarginStep)
        {
            var margins = new SearchMargins(defaults.Margins.Route * factor, defaults.Margins.Score * factor);
            var point = Measure(chosen, answers, margins, excludedRows);
            if (point.Recall >= target || factor > MaxMarginFactor || !margins.AreKnown)
            {
                return (point, defaults with { Margins = margins });
            }
        }
    }

    private ScannOperatingPoint Measure(ScannOperatingPoint point, ExactAnswers answers, SearchMargins margins, IReadOnlyList<int[]>? excludedRows)
    {
        var effort = new SearchEffort(point.PartitionsToSearch, point.RescoringCount, answers.K, false, margins);
        var (hits, ticks, dimension, results) = (0L, 0L, _index.Dimension, new Candidate[answers.K]);
        for (var query = 0; query < answers.QueryCount; query++)
        {
            _cancellation.ThrowIfCancellationRequested();
            var vector = _queries.Span.Slice(query * dimension, dimension);
            var start = Stopwatch.GetTimestamp();
            var found = _index.Searcher.Search(_space, vector, results, effort, null, excludedRows is null ? default : excludedRows[query]);
            ticks += Stopwatch.GetTimestamp() - start;
            hits += answers.Found(query, results.AsSpan(0, found));
        }

        return point with
        {
            Recall = answers.Count == 0 ? 1 : hits / (double)answers.Count,
            Microseconds = ticks * 1e6 / Stopwatch.Frequency / Math.Max(1, answers.QueryCount),
        };
    }

    // How far below the k-th best a search has to look to find the answers that the chosen setting finds: as many of them by their partitions, and of
    // those as many by their codes.
    private SearchMargins Margins(ScannOperatingPoint chosen)
    {
        var dimension = _index.Dimension;
        var needs = new (float Reach, float Score)[_answers.QueryCount][];
        Parallelism.For(needs.Length, query =>
        {
            using var scan = new RankScan(_index.Searcher, _space, _queries.Span.Slice(query * dimension, dimension), null);
            needs[query] = scan.Needs(_answers.Rows(query), _answers.Worst(query));
        });
        var all = needs.SelectMany(list => list).ToArray();
        var byPartition = Math.Clamp(_met[chosen.PartitionsToSearch - 1] / (double)Math.Max(1, _answers.Count), chosen.Recall, 1);
        return all.Length == 0
            ? SearchMargins.Unknown
            : new SearchMargins(
                Quantile([.. all.Select(need => need.Reach)], Safer(byPartition)),
                Quantile([.. all.Select(need => need.Score)], Safer(chosen.Recall / Math.Max(byPartition, 1e-9))));
    }

    // Restricted searches meet other items than those calibrated on: a quarter of what may be missed less.
    private static double Safer(double share) => share + ((1 - share) / 4);

    private static float Quantile(float[] values, double share)
    {
        Array.Sort(values);
        return values[Math.Clamp((int)Math.Ceiling(share * values.Length) - 1, 0, values.Length - 1)];
    }

    private double Cost(ScannOperatingPoint point) => (point.PartitionsToSearch * _bytesAPartition) + (point.RescoringCount * _bytesACandidate);

    // first, and then about a fifth more each time, until last.
    private static List<int> Steps(int first, int last)
    {
        List<int> steps = [];
        for (var step = (long)first; step < last; step = Math.Max(step + 1, step * 6 / 5))
        {
            steps.Add((int)step);
        }

        steps.Add(last);
        return steps;
    }
}

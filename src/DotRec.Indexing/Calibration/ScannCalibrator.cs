using System.Diagnostics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Finds the cheapest setting that reaches a recall: for more and more partitions the fewest candidates to rescore, until the scan alone costs
/// more than the best setting so far.
/// </summary>
/// <remarks>
/// Costs are counted in bytes read, not in time, so that the same index and queries give the same setting on every machine and on a busy one.
/// </remarks>
internal sealed class ScannCalibrator
{
    // A candidate's row comes from anywhere in memory, and its arithmetic is not for free: a byte of it counts as four of a scan.
    private const double RandomReadCost = 4;

    // More candidates than this times k are only tried when all partitions are searched: fewer partitions are not what is missing then.
    private const int GreatestMultiple = 100;

    private readonly ScannIndex _index;
    private readonly float[] _queries;
    private readonly ExactAnswers _answers;
    private readonly Candidate[] _results;
    private readonly CancellationToken _cancellation;
    private readonly double _bytesAPartition;
    private readonly double _bytesACandidate;
    private readonly List<ScannOperatingPoint> _curve = [];

    private ScannCalibrator(ScannIndex index, ReadOnlySpan<float> queries, int k, CancellationToken cancellation)
    {
        _index = index;
        _queries = queries.ToArray();
        _answers = ExactAnswers.Of(index, queries, k);
        _results = new Candidate[k];
        _cancellation = cancellation;
        var codes = index.Snapshot.Codes;
        _bytesAPartition = (double)codes.BlockCount * PackedLookup.BlockItems * ((codes.Subspaces / 2.0) + sizeof(short)) / codes.PartitionCount;
        _bytesACandidate = RandomReadCost * index.Dimension * index.Snapshot.Rows.Format.ByteWidth();
    }

    private int QueryCount => _queries.Length / _index.Dimension;

    /// <summary>Finds the setting.</summary>
    public static ScannCalibration Run(ScannIndex index, ReadOnlySpan<float> queries, double targetRecall, int k, CancellationToken cancellation)
    {
        var calibrator = new ScannCalibrator(index, queries, Math.Min(k, index.Count), cancellation);
        var chosen = calibrator.Choose(targetRecall);
        var curve = calibrator._curve.OrderBy(point => point.PartitionsToSearch).ThenBy(point => point.RescoringCount).ToArray();
        return new ScannCalibration(targetRecall, k, chosen, curve);
    }

    private ScannOperatingPoint Choose(double target)
    {
        var k = _results.Length;
        ScannOperatingPoint? best = null;
        foreach (var partitions in Steps(1, _index.PartitionCount))
        {
            if (best is { } found && Cost(partitions, k) >= Cost(found.PartitionsToSearch, found.RescoringCount))
            {
                break;
            }

            if (Fewest(partitions, target) is { } point
                && (best is not { } other || Cost(point.PartitionsToSearch, point.RescoringCount) < Cost(other.PartitionsToSearch, other.RescoringCount)))
            {
                best = point;
            }
        }

        // Everything searched and rescored finds everything, but for the last bits of rounded rows.
        return best ?? _curve.MaxBy(point => point.Recall);
    }

    // The fewest candidates that reach the target, or null.
    private ScannOperatingPoint? Fewest(int partitions, double target)
    {
        var k = _results.Length;
        if (partitions == _index.PartitionCount)
        {
            // The end is every item for every query, which is seldom needed and slow: come from below.
            foreach (var candidates in Steps(k, _index.Count))
            {
                if (Measure(partitions, candidates) is { } point && point.Recall >= target)
                {
                    return point;
                }
            }

            return null;
        }

        // Recall grows with the candidates: bisection.
        var steps = Steps(k, (int)Math.Min(_index.Count, (long)GreatestMultiple * k));
        var best = Measure(partitions, steps[^1]);
        if (best.Recall < target)
        {
            return null;
        }

        for (var (low, high) = (0, steps.Count - 1); low < high;)
        {
            var middle = (low + high) / 2;
            var point = Measure(partitions, steps[middle]);
            (low, high, best) = point.Recall >= target ? (low, middle, point) : (middle + 1, high, best);
        }

        return best;
    }

    private ScannOperatingPoint Measure(int partitions, int candidates)
    {
        _cancellation.ThrowIfCancellationRequested();
        var options = new ScannSearchOptions(partitions, candidates);
        var (hits, ticks) = (0L, 0L);
        for (var query = 0; query < QueryCount; query++)
        {
            var start = Stopwatch.GetTimestamp();
            var found = _index.Search(_queries.AsSpan(query * _index.Dimension, _index.Dimension), _results, options);
            ticks += Stopwatch.GetTimestamp() - start;
            hits += _answers.Found(query, _results.AsSpan(0, found));
        }

        var measured = new ScannOperatingPoint(
            partitions, candidates, hits / ((double)QueryCount * _results.Length), ticks * 1e6 / Stopwatch.Frequency / QueryCount);
        _curve.Add(measured);
        return measured;
    }

    private double Cost(int partitions, int candidates) => (partitions * _bytesAPartition) + (candidates * _bytesACandidate);

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

namespace DotRec.Indexing;

/// <summary>What <see cref="ScannIndex.Calibrate(ReadOnlySpan{float}, double, int, CancellationToken)"/> chose, and what it saw.</summary>
/// <param name="TargetRecall">What was asked for.</param>
/// <param name="K">Candidates a query.</param>
/// <param name="Chosen">The cheapest setting that reached the target, in bytes read.</param>
/// <param name="Curve">
/// For each number of partitions that was looked at, the fewest candidates that reach the target, or else the most that were looked at.
/// </param>
public sealed record ScannCalibration(double TargetRecall, int K, ScannOperatingPoint Chosen, IReadOnlyList<ScannOperatingPoint> Curve);

/// <summary>How a setting did on the queries of a calibration.</summary>
/// <param name="PartitionsToSearch">Partitions scanned.</param>
/// <param name="RescoringCount">Candidates whose exact scores were computed.</param>
/// <param name="Recall">Share of the k best items that were found, 0 to 1.</param>
/// <param name="Microseconds">
/// Mean time of a query on one thread, while whatever else ran on this machine ran; NaN of settings that were not timed, all but the chosen one.
/// </param>
public readonly record struct ScannOperatingPoint(int PartitionsToSearch, int RescoringCount, double Recall, double Microseconds)
{
    /// <summary>The setting.</summary>
    public ScannSearchOptions Options => new(PartitionsToSearch, RescoringCount);
}

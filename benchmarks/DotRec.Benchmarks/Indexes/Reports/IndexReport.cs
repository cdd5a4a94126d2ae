namespace DotRec.Benchmarks;

/// <summary>What <c>DotRec.Benchmarks index</c> prints for people.</summary>
internal static class IndexReport
{
    // The whole front is in the result file; people read these rungs of it.
    private static readonly double[] Rungs = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.875, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999];

    public static void Print(VectorCorpus corpus, IndexBenchmark benchmark, IReadOnlyCollection<RecallTarget> targets)
    {
        Terminal.Heading($"{corpus.Name}: {corpus.ItemCount:N0} x {corpus.Dimension}, {MetricNames.Of(corpus.ScoreFunction)}, {corpus.QueryCount:N0} queries");
        Terminal.Table(["", ""],
        [
            ["kernel", benchmark.Kernel],
            ["build", FormattableString.Invariant($"{benchmark.BuildSeconds:F2} s")],
            ["bytes a vector", FormattableString.Invariant($"{benchmark.BytesPerVector:F1}")],
            ["peak memory while building", FormattableString.Invariant($"{benchmark.PeakBytes / 1e6:N0} MB, {benchmark.BytesBeforeBuild / 1e6:N0} MB of it before; the items are {corpus.Items.Length * (double)sizeof(float) / 1e6:N0} MB")],
            ["exact scan", FormattableString.Invariant($"{benchmark.BruteForceQps:N0} queries/s")],
        ]);
        Terminal.Table(["recall", "queries/s", "p50 µs", "p99 µs", "partitions", "rescored"], Shown(benchmark.Front()).Select(Cells));
        Terminal.Say("fastest for a recall: chosen on half of the queries, measured on the other half");
        Terminal.Table(
            ["target", "recall", "queries/s", "p50 µs", "p99 µs", "partitions", "rescored"],
            targets.Select(target => (string[])[FormattableString.Invariant($"{target.Target}"), .. target.Point is { } point ? Cells(point) : ["not reached", "", "", "", "", ""]]));
    }

    // The fastest point of each rung, and the most exact of all.
    private static IEnumerable<FrontPoint> Shown(FrontPoint[] front) =>
        Rungs.Select(rung => Array.Find(front, point => point.Recall >= rung)).OfType<FrontPoint>().Append(front[^1]).Distinct();

    private static string[] Cells(FrontPoint point) =>
    [
        FormattableString.Invariant($"{point.Recall:F4}"),
        FormattableString.Invariant($"{point.Qps:N0}"),
        FormattableString.Invariant($"{point.P50Microseconds:F1}"),
        FormattableString.Invariant($"{point.P99Microseconds:F1}"),
        $"{point.Settings.PartitionsToSearch}",
        $"{point.Settings.RescoringCount}",
    ];
}

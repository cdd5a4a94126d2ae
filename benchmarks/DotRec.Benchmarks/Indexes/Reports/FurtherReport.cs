namespace DotRec.Benchmarks;

/// <summary>What <c>DotRec.Benchmarks index</c> prints of filters, changes and batches.</summary>
internal static class FurtherReport
{
    public static void Print(FurtherBenchmarks benchmarks)
    {
        if (benchmarks.Filters is { } filters)
        {
            Terminal.Say("filters: times in microseconds, the first of a filter object as a mean, the others as medians");
            Terminal.Table(["filter", "allowed %", "allowed", "queries", "found", "recall", "first µs", "µs", "exact µs"], filters.Select(Cells));
        }

        if (benchmarks.Churn is { } churn)
        {
            Terminal.Say("live index after changes, not built anew; rebuilt: an index of the same items, built anew, with the same settings");
            Terminal.Table(["change", "share %", "changed", "queries", "recall", "µs", "rebuilt recall", "rebuilt µs", "upserts/s"], churn.Select(Cells));
        }

        if (benchmarks.Batches is { } batches)
        {
            Terminal.Say("batches, beside single searches by as many threads");
            Terminal.Table(["target", "threads", "batch", "queries/s", "single queries/s", "ratio"], batches.Select(Cells));
            if (batches.Sum(figures => figures.Mismatches) is > 0 and var mismatches)
            {
                Terminal.Warn($"{mismatches} queries were answered otherwise in a batch than alone: the library promises the same answers. Please report it.");
            }
        }
    }

    private static string[] Cells(FilterFigures figures) =>
    [
        figures.Kind,
        FormattableString.Invariant($"{figures.Selectivity}"),
        FormattableString.Invariant($"{figures.Allowed:N0}"),
        $"{figures.Queries}",
        FormattableString.Invariant($"{figures.Found:F3}"),
        FormattableString.Invariant($"{figures.Recall:F4}"),
        figures.FirstMicroseconds is { } first ? FormattableString.Invariant($"{first:N1}") : "-",
        FormattableString.Invariant($"{figures.Microseconds:N1}"),
        FormattableString.Invariant($"{figures.ExactMicroseconds:N1}"),
    ];

    private static string[] Cells(ChurnFigures figures) =>
    [
        figures.Kind,
        FormattableString.Invariant($"{figures.Share}"),
        FormattableString.Invariant($"{figures.Changed:N0}"),
        $"{figures.Queries}",
        FormattableString.Invariant($"{figures.Recall:F4}"),
        FormattableString.Invariant($"{figures.Microseconds:N1}"),
        FormattableString.Invariant($"{figures.BaselineRecall:F4}"),
        FormattableString.Invariant($"{figures.BaselineMicroseconds:N1}"),
        figures.UpsertsPerSecond is { } upserts ? FormattableString.Invariant($"{upserts:N0}") : "-",
    ];

    private static string[] Cells(BatchFigures figures) =>
    [
        FormattableString.Invariant($"{figures.Target}"),
        $"{figures.Threads}",
        FormattableString.Invariant($"{figures.Size:N0}"),
        FormattableString.Invariant($"{figures.Qps:N0}"),
        FormattableString.Invariant($"{figures.SingleQps:N0}"),
        FormattableString.Invariant($"{figures.Qps / figures.SingleQps:F2}"),
    ];
}

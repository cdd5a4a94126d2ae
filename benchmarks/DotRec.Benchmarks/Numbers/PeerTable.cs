using System.Globalization;

namespace DotRec.Benchmarks;

/// <summary>Rows of the readme about approximate search, taken from the reports that benchmarks/peers/compare.py writes.</summary>
internal static class PeerTable
{
    private const string Missed = "not reached";

    /// <summary>Up to 64 dimensions: name of the report, what the readme calls it.</summary>
    private static readonly (string Report, string Label)[] Few =
    [
        ("glove-50-cosine", "GloVe, 398,000 x 50, cosine"),
        ("glove-50-dot", "the same, lengths kept, inner product"),
        ("tfrs-serving", "items of a trained model and perturbed copies, 1,665,664 x 32"),
        ("synthetic-1m", "made-up mixture, 1,000,000 x 64, inner product"),
    ];

    private static readonly (string Report, string Label)[] Many =
    [
        ("text-384", "texts, 60,000 x 384, cosine"),
        ("mixture-128-l2", "100,000 x 128, distance"),
        ("mixture-768-l2", "50,000 x 768, distance"),
        ("mixture-768-dot", "50,000 x 768, inner product"),
        ("mixture-1536-cosine", "25,000 x 1,536, cosine"),
    ];

    /// <summary>A table in Markdown.</summary>
    /// <param name="folder">Where the reports are.</param>
    /// <param name="name">few-dimensions or many-dimensions.</param>
    public static string Of(string folder, string name)
    {
        var reports = name switch
        {
            "few-dimensions" => Few,
            "many-dimensions" => Many,
            _ => throw new InvalidDataException($"There is no table '{name}' of peers; there are few-dimensions and many-dimensions."),
        };
        return string.Join('\n', reports
            .Select(report => Row(report.Label, File.ReadAllLines(Path.Combine(folder, report.Report + ".md")), report.Report))
            .Prepend("| --- | --- | --- | --- | --- |")
            .Prepend("| vectors | build, 2 threads | at .90 | at .95 | at .99 |"));
    }

    private static string Row(string label, string[] report, string name)
    {
        var rows = Rows(report, name);
        var ours = rows.Single(row => row.System.Contains("DotRec", StringComparison.Ordinal));
        var tables = rows.Where(row => row.System.StartsWith("FAISS IVF", StringComparison.Ordinal)).ToArray();
        var graph = rows.FirstOrDefault(row => row.System.StartsWith("hnswlib", StringComparison.Ordinal) || row.System.StartsWith("FAISS HNSW", StringComparison.Ordinal));
        var fastest = tables.OrderByDescending(row => row.Speeds[0] ?? 0).ThenBy(row => row.BuildSeconds).First();
        var build = string.Join(" / ", new[] { ours, fastest, graph }.OfType<PeerRow>().Select(row => Seconds(row.BuildSeconds, row == graph)));
        var levels = Enumerable.Range(0, ours.Speeds.Length).Select(level => string.Join(" / ", new[] { Speed(ours.Speeds[level]), Speed(tables.Max(row => row.Speeds[level])) }
            .Concat(graph is null ? [] : [Speed(graph.Speeds[level])])));
        return $"| {label} | {build} s | {string.Join(" | ", levels)} |";
    }

    private static List<PeerRow> Rows(string[] report, string name)
    {
        var start = Array.FindIndex(report, line => line.StartsWith("| | build s |", StringComparison.Ordinal));
        if (start < 0)
        {
            throw new InvalidDataException($"{name}.md has no table that begins with '| | build s |', as compare.py writes it.");
        }

        var headings = Cells(report[start]);
        int[] speeds = [.. Enumerable.Range(0, headings.Length).Where(i => headings[i].StartsWith("QPS at", StringComparison.Ordinal))];
        return [.. report.Skip(start + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells).Select(cells => new PeerRow(
            cells[0].Trim('*'), Number(cells[1])!.Value, [.. speeds.Select(i => Number(cells[i]))]))];
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    private static double? Number(string cell) => cell is "–" or "" ? null : double.Parse(cell, NumberStyles.Number, CultureInfo.InvariantCulture);

    private static string Speed(double? speed) => speed is { } value ? value.ToString("N0", CultureInfo.InvariantCulture) : Missed;

    // Graphs take long to build: whole seconds tell enough.
    private static string Seconds(double seconds, bool isGraph) => seconds.ToString(isGraph ? "F0" : "F1", CultureInfo.InvariantCulture);

    private sealed record PeerRow(string System, double BuildSeconds, double?[] Speeds);
}

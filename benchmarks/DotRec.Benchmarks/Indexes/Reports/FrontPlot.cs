using System.Globalization;
using System.Text.Json.Nodes;
using ScottPlot;

namespace DotRec.Benchmarks;

/// <summary>Draws recall against queries a second, the latter on a logarithmic axis; up and to the right is better.</summary>
internal static class FrontPlot
{
    private const int Width = 1000;
    private const int Height = 640;
    private const string Font = "DejaVu Sans";

    // Below this recall an index is of little use, and the axis is for what lies above.
    private const double MinRecall = 0.7;

    public static void Save(string path, VectorCorpus corpus, int k, IReadOnlyList<FrontPoint> front, string? peersPath)
    {
        using var plot = new Plot();
        plot.Font.Set(Font);
        var lines = new List<(string Name, (double Recall, double Qps)[] Points)> { ("DotRec ScannIndex", [.. front.Select(point => (point.Recall, point.Qps))]) };
        if (peersPath is not null)
        {
            lines.AddRange(Peers(peersPath));
        }

        foreach (var (name, points) in lines)
        {
            var shown = points.Where(point => point.Recall >= MinRecall).ToArray();
            var line = plot.Add.Scatter(shown.Select(point => point.Recall).ToArray(), shown.Select(point => Math.Log10(point.Qps)).ToArray());
            line.LegendText = name;
            line.LineWidth = name == lines[0].Name ? 3 : 1.5f;
        }

        var speeds = lines.SelectMany(line => line.Points).Where(point => point.Recall >= MinRecall).Select(point => point.Qps).DefaultIfEmpty(1).ToArray();
        plot.Axes.Left.TickGenerator = Ticks(speeds.Min(), speeds.Max());
        plot.Axes.AutoScale();
        plot.Title(string.Create(CultureInfo.InvariantCulture, $"{corpus.Name}: {corpus.ItemCount:N0} x {corpus.Dimension}, {MetricNames.Of(corpus.ScoreFunction)}, one query at a time"));
        plot.XLabel($"recall@{k}");
        plot.YLabel("queries a second");
        plot.ShowLegend(Alignment.LowerLeft);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _ = path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase) ? plot.SaveSvg(path, Width, Height) : plot.SavePng(path, Width, Height);
    }

    // 1, 2 and 5 times the powers of ten: an automatic axis would label whole powers only, and a front seldom spans many.
    private static ScottPlot.TickGenerators.NumericManual Ticks(double min, double max)
    {
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (var power = Math.Pow(10, Math.Floor(Math.Log10(min))); power <= max; power *= 10)
        {
            foreach (var factor in (int[])[1, 2, 5])
            {
                ticks.AddMajor(Math.Log10(factor * power), (factor * power).ToString("N0", CultureInfo.InvariantCulture));
            }
        }

        return ticks;
    }

    private static IEnumerable<(string Name, (double Recall, double Qps)[] Points)> Peers(string path)
    {
        var peers = JsonNode.Parse(File.ReadAllText(path))?["peers"] as JsonObject
            ?? throw new UsageException($"{path} holds no peers; expected a result of benchmarks/peers/peers.py.");
        foreach (var (_, peer) in peers)
        {
            yield return ((string)peer!["name"]!, [.. peer["front"]!.AsArray().Select(point => ((double)point!["recall"]!, (double)point["qps"]!))]);
        }
    }
}

using System.Text.Json.Nodes;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>Recall and speed of one setting over some queries.</summary>
/// <param name="Recall">Share of the right answers that was found, recall@k.</param>
/// <param name="Qps">Queries a second, all threads together.</param>
/// <param name="P50Microseconds">Half of the queries took no longer.</param>
/// <param name="P99Microseconds">99 % of the queries took no longer.</param>
/// <param name="Settings">How far searches went.</param>
internal sealed record FrontPoint(double Recall, double Qps, double P50Microseconds, double P99Microseconds, ScannSearchOptions Settings)
{
    /// <summary>The points that no other beats in both recall and speed, by rising recall.</summary>
    public static FrontPoint[] Front(IEnumerable<FrontPoint> points)
    {
        var front = new List<FrontPoint>();
        foreach (var point in points.OrderByDescending(point => point.Recall).ThenByDescending(point => point.Qps))
        {
            if (front.Count == 0 || point.Qps > front[^1].Qps)
            {
                front.Add(point);
            }
        }

        front.Reverse();
        return [.. front];
    }

    public JsonObject ToJson()
    {
        var settings = new JsonObject();
        if (Settings.PartitionsToSearch is { } partitions)
        {
            settings["partitionsToSearch"] = partitions;
        }

        if (Settings.RescoringCount is { } rescoring)
        {
            settings["rescoringCount"] = rescoring;
        }

        return new JsonObject
        {
            ["recall"] = Recall,
            ["qps"] = Qps,
            ["p50Microseconds"] = P50Microseconds,
            ["p99Microseconds"] = P99Microseconds,
            ["settings"] = settings,
        };
    }
}

using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>The figures of a bundle's lists, popularity beside them: as tables and as JSON.</summary>
internal static class BundleReportTable
{
    /// <summary>A table with what queries have had among the candidates and one without; the one that the bundle answers as is said.</summary>
    public static void Print(RecommenderEvaluation evaluation, bool excludesSeen)
    {
        Print(evaluation, "all items", isUsual: !excludesSeen, report => report.All);
        if (evaluation.Model.HasExcludingSeen)
        {
            Print(evaluation, "excluding seen", excludesSeen, report => report.ExcludingSeen);
        }
    }

    public static JsonObject Json(RetrievalMetrics metrics) => new()
    {
        ["hitRate"] = ByK(metrics.HitRate),
        ["ndcg"] = ByK(metrics.Ndcg),
        ["mrr"] = metrics.MeanReciprocalRank,
    };

    private static void Print(RecommenderEvaluation evaluation, string candidates, bool isUsual, Func<RetrievalReport, RetrievalMetrics> pick)
    {
        var model = pick(evaluation.Model);
        var ks = model.HitRate.Keys.Order().ToArray();
        List<(string Name, RetrievalMetrics Metrics)> rows = evaluation.Popularity is { } popularity ? [("popularity", pick(popularity))] : [];
        Terminal.Table(
            [$"hit rate @k, {candidates}{(isUsual ? ", as the bundle answers" : "")}", .. ks.Select(k => $"{k}"), $"MRR in the first {ks[^1]}"],
            rows.Append(("bundle", model)).Select(row => (string[])
                [row.Item1, .. ks.Select(k => FormattableString.Invariant($"{row.Item2.HitRate[k]:.0000}")), FormattableString.Invariant($"{row.Item2.MeanReciprocalRank:.0000}")]));
    }

    private static JsonObject ByK(MetricByK values) => new(values.Keys.Order().Select(k => KeyValuePair.Create<string, JsonNode?>($"{k}", values[k])));
}

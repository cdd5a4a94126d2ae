using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>What a model makes of items or queries that training did not know, as tables and as JSON.</summary>
internal static class ColdStartTable
{
    /// <summary>Says what is measured, then the figures.</summary>
    public static void Print(ColdStartEvaluation evaluation)
    {
        var isOfItems = evaluation.Kind == HoldOutKind.ColdItems;
        Terminal.Say(FormattableString.Invariant(
            $"cold start: {evaluation.NewCount:N0} {(isOfItems ? "items" : "queries")} have no training row. Measured on {evaluation.RowCount:N0} choices {(isOfItems ? "of such items: where the item stands among all items, and among the new ones alone" : "by such queries: where the chosen item stands among all items")}. Only what is new is measured here, nothing that training knew."));
        Print("among all items", evaluation.Results.Select(result => (result.Name, (RetrievalMetrics?)result.AmongAll)));
        if (isOfItems)
        {
            Print("among new items", evaluation.Results.Select(result => (result.Name, result.AmongNew)));
        }
    }

    public static JsonObject? Json(ColdStartEvaluation? evaluation) => evaluation is null ? null : new JsonObject
    {
        ["new"] = evaluation.Kind == HoldOutKind.ColdItems ? "items" : "queries",
        ["newCount"] = evaluation.NewCount,
        ["rows"] = evaluation.RowCount,
        ["results"] = new JsonArray([.. evaluation.Results.Select(result => new JsonObject
        {
            ["name"] = result.Name,
            ["amongAll"] = BundleReportTable.Json(result.AmongAll),
            ["amongNew"] = result.AmongNew is { } metrics ? BundleReportTable.Json(metrics) : null,
        })]),
    };

    private static void Print(string candidates, IEnumerable<(string Name, RetrievalMetrics? Metrics)> results)
    {
        var rows = results.Where(result => result.Metrics is not null).ToArray();
        var ks = rows[0].Metrics!.HitRate.Keys.Order().ToArray();
        Terminal.Table(
            [$"hit rate @k, {candidates}", .. ks.Select(k => $"{k}"), "NDCG@10"],
            rows.Select(row => (string[])
            [
                row.Name,
                .. ks.Select(k => FormattableString.Invariant($"{row.Metrics!.HitRate[k]:.0000}")),
                FormattableString.Invariant($"{row.Metrics!.Ndcg[10]:.0000}"),
            ]));
    }
}

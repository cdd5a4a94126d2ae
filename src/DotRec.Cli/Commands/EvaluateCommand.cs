using System.CommandLine;
using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary><c>dotrec evaluate</c>: how well a bundle predicts the choices of a file, as users would meet it: through its own search; or its labels.</summary>
internal static class EvaluateCommand
{
    private static readonly int[] Ks = [1, 5, 10, 50, 100];

    public static Command Create()
    {
        var bundle = CommonOptions.Bundle();
        var data = new Option<string>("--data") { Description = "Rows that the model was not trained on, CSV or Parquet: choices with the bundle's query features and the item id; for a ranking model its features and the label.", HelpName = "path", Required = true };
        var item = new Option<string?>("--item") { Description = "Column that tells what was chosen. Without it: the column of the bundle's item ids.", HelpName = "column" };
        var table = new TableOptions();
        var json = CommonOptions.Json();
        var command = new Command("evaluate", "Measure a bundle on a file of choices or labels.") { bundle, data, item };
        foreach (var option in (Option[])[.. table.All, json])
        {
            command.Add(option);
        }

        command.SetWork(async (parsed, cancellation) =>
        {
            var (directory, path, layout) = (parsed.GetRequiredValue(bundle), parsed.GetRequiredValue(data), table.Read(parsed));
            if (BundleManifest.Read(directory) is RankerManifest)
            {
                if (parsed.GetValue(item) is not null)
                {
                    throw new UserException("--item is for a bundle that recommends; this one is of train --task ranking and knows its label's column.");
                }

                ResultFile.Write(parsed.GetValue(json), await RankerEvaluation.RunAsync(directory, path, layout, cancellation));
                return;
            }

            using var recommender = Recommender.Load(directory);
            var column = parsed.GetValue(item) ?? recommender.Options.ItemIdColumn;
            var choices = await QueryColumns.ReadAsync(path, layout, recommender, [column], TerminalProgress.Notes(), cancellation);
            if (!choices.TryGet(column, out _))
            {
                throw new UserException($"{path} has no column '{column}' of item ids. Its columns are: {string.Join(", ", choices.Schema)}. Name it with --item.");
            }

            if (choices.RowCount == 0)
            {
                throw new UserException($"{path} has no rows to evaluate on.");
            }

            var queries = QueryColumns.Of(choices, recommender.QueryFeatures, path);
            var truth = BundleRanks.TrueRows(choices[column], recommender.Index.Ids);
            var results = new List<(string Name, string Title, RetrievalMetrics Metrics)>();
            foreach (var (name, title, excludeSeen) in new[] { ("test", "all items", false), ("testExcludingSeen", "excluding seen", true) })
            {
                var ranks = await ProgressBar.RunAsync(
                    title, choices.RowCount, progress => Task.FromResult(BundleRanks.Compute(recommender, queries, truth, Ks[^1], excludeSeen, progress, cancellation)));
                results.Add((name, title, RetrievalMetrics.FromRanks(ranks, Ks)));
            }

            Print(results, choices.RowCount);
            var unknown = truth.Count(row => row < 0);
            if (unknown > 0)
            {
                Terminal.Warn($"{unknown} of {choices.RowCount} rows name an item that the bundle does not hold; they are misses.");
            }

            var result = new JsonObject { ["command"] = "evaluate", ["rows"] = choices.RowCount, ["unknownItems"] = unknown };
            results.ForEach(one => result[one.Name] = Json(one.Metrics));
            ResultFile.Write(parsed.GetValue(json), result);
        });
        return command;
    }

    private static void Print(List<(string Name, string Title, RetrievalMetrics Metrics)> results, int rows) => Terminal.Table(
        [$"hit rate @k, {rows:N0} rows", .. Ks.Select(k => $"{k}"), $"MRR in the first {Ks[^1]}"],
        results.Select(one => (string[])
            [one.Title, .. Ks.Select(k => FormattableString.Invariant($"{one.Metrics.HitRate[k]:.0000}")), FormattableString.Invariant($"{one.Metrics.MeanReciprocalRank:.0000}")]));

    private static JsonObject Json(RetrievalMetrics metrics) => new()
    {
        ["hitRate"] = new JsonObject(Ks.Select(k => KeyValuePair.Create<string, JsonNode?>($"{k}", metrics.HitRate[k]))),
        ["ndcg"] = new JsonObject(Ks.Select(k => KeyValuePair.Create<string, JsonNode?>($"{k}", metrics.Ndcg[k]))),
        ["mrr"] = metrics.MeanReciprocalRank,
    };
}

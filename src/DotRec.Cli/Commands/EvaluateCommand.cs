using System.CommandLine;
using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary><c>dotrec evaluate</c>: how well a bundle predicts the choices of a file, as users would meet it: through its own search.</summary>
internal static class EvaluateCommand
{
    private static readonly int[] Ks = [1, 5, 10, 50, 100];

    public static Command Create()
    {
        var bundle = CommonOptions.Bundle();
        var data = new Option<string>("--data") { Description = "Choices that the model was not trained on: CSV or Parquet with the bundle's query features and the item id, one row a choice.", HelpName = "path", Required = true };
        var item = new Option<string?>("--item") { Description = "Column that tells what was chosen. Without it: the column of the bundle's item ids.", HelpName = "column" };
        var json = CommonOptions.Json();
        var command = new Command("evaluate", "Measure a bundle on a file of choices.") { bundle, data, item, json };
        command.SetWork(async (parsed, cancellation) =>
        {
            using var recommender = Recommender.Load(parsed.GetRequiredValue(bundle));
            var path = parsed.GetRequiredValue(data);
            var choices = await DataSource.ReadAsync(path, cancellation);
            var column = parsed.GetValue(item) ?? recommender.Options.ItemIdColumn;
            if (!choices.TryGet(column, out _))
            {
                throw new UserException($"{path} has no column '{column}' of item ids. Its columns are: {string.Join(", ", choices.Schema)}. Name it with --item.");
            }

            if (choices.RowCount == 0)
            {
                throw new UserException($"{path} has no rows to evaluate on.");
            }

            var queries = QueryRows.Of(choices, recommender.QueryFeatures, path);
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

using System.CommandLine;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Modeling;
using DotRec.Pipelines;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary><c>dotrec evaluate</c>: how well a bundle predicts the choices or labels of a file, beside popularity or the mean label.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var bundle = CommonOptions.Bundle();
        var data = new Option<string>("--data") { Description = "Rows that the model was not trained on, CSV or Parquet: choices with the bundle's query features and the item id; for a ranking model its features and the label.", HelpName = "path", Required = true };
        var item = new Option<string?>("--item") { Description = "Column that tells what was chosen. Without it: the column of the bundle's item ids.", HelpName = "column" };
        var ranks = CommonOptions.ExportRanks("Of a bundle that recommends: ");
        var all = CommonOptions.EvaluateAll("Of a bundle that recommends: ");
        var seed = CommonOptions.Seed(42);
        var table = new TableOptions();
        var json = CommonOptions.Json();
        var command = new Command("evaluate", "Measure a bundle on a file of choices or labels.") { bundle, data, item, ranks, all, seed };
        foreach (var option in (Option[])[.. table.All, json])
        {
            command.Add(option);
        }

        command.SetWork(async (parsed, cancellation) =>
        {
            var (directory, path, layout) = (parsed.GetRequiredValue(bundle), parsed.GetRequiredValue(data), table.Read(parsed));
            JsonObject result;
            if (BundleDescription.Read(directory).Kind == BundleKind.Ranker)
            {
                if (((Option[])[item, ranks, all]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } foreign)
                {
                    throw new UserException($"{foreign.Name} is for a bundle that recommends; this one is of train --task ranking and knows its label's column.");
                }

                result = await RankerAsync(directory, path, layout, cancellation);
            }
            else
            {
                var options = new RecommenderEvaluatorOptions { ItemId = parsed.GetValue(item), Layout = layout, Seed = parsed.GetValue(seed) };
                result = await RecommenderAsync(
                    directory, path, parsed.GetValue(all) ? options with { EvaluationBudget = long.MaxValue } : options, parsed.GetValue(ranks), cancellation);
            }

            ResultFile.Write(parsed.GetValue(json), result);
        });
        return command;
    }

    private static async Task<JsonObject> RankerAsync(string directory, string path, CsvOptions layout, CancellationToken cancellation)
    {
        using var ranker = Ranker.Load(directory);
        var evaluation = await WorkProgress.RunAsync("reading", progress => new RankerEvaluator(ranker, layout).EvaluateAsync(path, progress, cancellation));
        var label = evaluation.Label;
        List<(string, BinaryMetrics?, RatingMetrics?)> results = evaluation.Constant is { } constant ? [("mean label of training", constant.Binary, constant.Rating)] : [];
        RankingReportTable.Print(
            $"on {evaluation.RowCount:N0} rows", [.. results, (label.IsBinary ? $"probability of '{label.Positive}'" : label.Column, evaluation.Binary, evaluation.Rating)]);
        return new JsonObject
        {
            ["command"] = "evaluate",
            ["rows"] = evaluation.RowCount,
            ["test"] = RankingReportTable.Json(evaluation.Binary, evaluation.Rating),
            ["baselines"] = new JsonObject
            {
                ["constant"] = evaluation.Constant is { } mean ? RankingReportTable.Json(mean.Binary, mean.Rating) : null,
            },
        };
    }

    private static async Task<JsonObject> RecommenderAsync(
        string directory, string path, RecommenderEvaluatorOptions options, string? ranks, CancellationToken cancellation)
    {
        using var recommender = Recommender.Load(directory);
        var evaluation = await WorkProgress.RunAsync("reading", progress => new RecommenderEvaluator(recommender, options).EvaluateAsync(path, progress, cancellation));
        BundleReportTable.Print(evaluation, recommender.Options.ExcludeSeen);
        if (evaluation.NewItems is { } cold)
        {
            ColdStartTable.Print(cold);
        }

        if (ranks is not null)
        {
            await evaluation.SaveRanksAsync(ranks, cancellation);
            Terminal.Say($"ranks: {ranks}");
        }

        return new JsonObject
        {
            ["command"] = "evaluate",
            ["rows"] = evaluation.RowCount,
            ["measuredRows"] = evaluation.MeasuredRowCount,
            ["unknownItems"] = evaluation.UnknownItemCount,
            ["excludesSeen"] = recommender.Options.ExcludeSeen,
            ["test"] = BundleReportTable.Json(evaluation.Model.All),
            ["testExcludingSeen"] = evaluation.Model.HasExcludingSeen ? BundleReportTable.Json(evaluation.Model.ExcludingSeen) : null,
            ["coldStart"] = ColdStartTable.Json(evaluation.NewItems),
            ["baselines"] = new JsonObject
            {
                ["popularity"] = evaluation.Popularity is not { } popularity ? null : new JsonObject
                {
                    ["test"] = BundleReportTable.Json(popularity.All),
                    ["testExcludingSeen"] = popularity.HasExcludingSeen ? BundleReportTable.Json(popularity.ExcludingSeen) : null,
                },
            },
        };
    }
}

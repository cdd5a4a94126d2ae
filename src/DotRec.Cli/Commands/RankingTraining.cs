using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary><c>dotrec train --task ranking</c>: a model that predicts a column from the others of its row.</summary>
internal sealed class RankingTraining(TrainingOptions shared)
{
    private readonly RankingOptions _options = new();

    /// <summary>Options that no other task has.</summary>
    public IReadOnlyList<Option> Own => _options.All;

    public async Task RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var options = _options.Read(parsed, shared.Labels) with
        {
            Kinds = shared.Features.Kinds(parsed, _options.Categories),
            QueryId = shared.Features.Query(parsed),
            Test = shared.HoldOut.ReadRanking(parsed, shared.Features.Query(parsed)),
            Settings = shared.Settings.ReadRanking(parsed) with { Network = RankingNetworkNames.KindOf(shared.Model.Model(parsed, "ranking", RankingNetworkNames.All)) },
            Seed = parsed.GetValue(shared.Seed),
            Layout = shared.Table.Read(parsed),
            Checkpoint = shared.CheckpointOf(parsed),
            TimeBudget = shared.Model.Budget(parsed),
            StopToken = cancellation,
        };
        options = shared.HoldOut.Validation(parsed) is { } share ? options with { ValidationFraction = share } : options;
        var pipeline = new RankingPipeline(options);
        var bundle = shared.Bundle(parsed, "ranking");
        var data = await pipeline.ReadAsync(parsed.GetRequiredValue(shared.Data), shared.HoldOut.TestFile(parsed), new TerminalProgress(), cancellation);
        Describe(data);

        // From here on Ctrl+C keeps what is learned.
        using var stopping = new Stopping(cancellation);
        using var result = await stopping.RunAsync(progress => pipeline.RunAsync(data, progress, CancellationToken.None));
        Report(result);
        await result.SaveAsync(bundle, CancellationToken.None);
        Terminal.Say($"bundle: {Path.GetFullPath(bundle)}");
        await shared.HoldOut.ExportAsync(parsed, result.Split, CancellationToken.None);
        Terminal.Say($"use it: dotrec predict --bundle {bundle} --data FILE --output FILE");
        ResultFile.Write(parsed.GetValue(shared.Json), new JsonObject
        {
            ["command"] = "train",
            ["task"] = "ranking",
            ["data"] = Json(result),
            ["settings"] = result.Settings.ToJson(),
            ["selection"] = result.Selection is { } selection ? SelectionReport.Json(selection) : null,
            ["seed"] = options.Seed,
            ["training"] = SettingsJson.Of(result.EpochChoice, result.Fit),
            ["validation"] = RankingReportTable.Json(result.Validation),
            ["test"] = result.HasEvaluation ? RankingReportTable.Json(result.Evaluation) : null,
            ["baselines"] = new JsonObject
            {
                ["constant"] = result.HasEvaluation ? RankingReportTable.Json(result.Constant.Binary, result.Constant.Rating) : null,
                ["regression"] = result.Regression is { } regression ? RankingReportTable.Json(regression) : null,
            },
            ["timing"] = new JsonObject { ["trainExamplesPerSecond"] = result.Fit.ExamplesPerSecond, ["trainSeconds"] = result.Fit.Epochs.Sum(epoch => epoch.TrainingSeconds) },
            ["totalSeconds"] = clock.Elapsed.TotalSeconds,
            ["bundle"] = Path.GetFullPath(bundle),
        });
        stopping.ThrowIfHeard(result.Fit, bundle);
    }

    private static void Describe(RankingData data)
    {
        var label = data.Label;
        Terminal.Say($"{data.Name}: {data.Rows.RowCount:N0} rows{(data.Test is { } test ? $", {test.RowCount:N0} to test on" : "")}");
        Terminal.Table(["column", "taken for", "different values", "missing"], data.Columns.Select(column => (string[])
            [column.Name, column.KindName, FormattableString.Invariant($"{column.Distinct:N0}"), FormattableString.Invariant($"{column.Missing:N0}")]));
        Terminal.Say(label.IsBinary ? $"label: {label.Column}, the probability of '{label.Positive}' against '{label.Negative}'" : $"label: {label.Column}, a number");
    }

    private static void Report(RankingResult result)
    {
        if (result.Selection is { } selection)
        {
            SelectionReport.Print(selection);
        }

        if (!result.HasEvaluation)
        {
            Terminal.Say("no rows are held out, so nothing is measured but the validation rows, which the epoch was chosen by.");
            return;
        }

        var evaluation = result.Evaluation;

        // Rare categories are unknown to training by design; what matters is how many the test has.
        if (evaluation.Warnings.Count > 0)
        {
            Terminal.Say($"unknown values of the test rows share a row: {string.Join("; ", evaluation.Warnings.Select(warning => warning.Split(". ")[0]))}.");
        }

        List<(string, BinaryMetrics?, RatingMetrics?)> results = [("mean label", result.Constant.Binary, result.Constant.Rating)];
        if (result.Regression is { } regression)
        {
            results.Add((evaluation.HasBinary ? "logistic regression" : "linear regression", regression.BinaryOrNull(), regression.RatingOrNull()));
        }

        results.Add((result.Settings.Network.Name, evaluation.BinaryOrNull(), evaluation.RatingOrNull()));
        RankingReportTable.Print($"on {result.Split.Test.RowCount:N0} test rows", results);
        if (RankingReportTable.LossToRegression(result) is { } loss)
        {
            Terminal.Warn(loss);
        }

        if (evaluation.HasQueries)
        {
            RankingReportTable.Print(evaluation.Queries, result.Options.QueryId!);
        }
    }

    private static JsonObject Json(RankingResult result) => new()
    {
        ["name"] = result.Data.Name,
        ["rows"] = result.Data.Rows.RowCount,
        ["trainingRows"] = result.Split.Train.RowCount,
        ["testRows"] = result.Split.Test.RowCount,
        ["repeatedTestRows"] = result.RepeatedTestRows,
        ["label"] = result.Data.Label.ToJson(),
        ["columns"] = new JsonArray([.. result.Data.Columns.Select(column => new JsonObject
        {
            ["name"] = column.Name,
            ["kind"] = column.KindName,
            ["distinct"] = column.Distinct,
            ["missing"] = column.Missing,
        })]),
    };
}

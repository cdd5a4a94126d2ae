using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary><c>dotrec train --task ranking</c>: a model that predicts a column from the others of its row.</summary>
internal sealed class RankingTraining(TrainingOptions shared)
{
    // From this share of test rows on, copies of training rows decide the figures.
    private const double RepeatedShare = 0.1;

    private readonly RankingOptions _options = new();

    /// <summary>Options that no other task has.</summary>
    public IReadOnlyList<Option> Own => _options.All;

    public async Task RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var (test, validation) = shared.HoldOut.ReadRanking(parsed);
        var settings = shared.Settings.ReadRanking(parsed) with { Network = _options.Network(parsed) };
        var bundle = shared.Bundle(parsed, "ranking");
        var data = await ReadAsync(parsed, test, cancellation);
        Describe(data);

        var experiment = new RankingExperiment(data, settings, test, validation) { Checkpoint = shared.CheckpointOf(parsed) };
        var run = FitProgressBar.Run("training", progress => experiment.Run(parsed.GetValue(shared.Seed), progress, cancellation));
        Report(run, settings);
        RankerFactory.Save(run, data, settings, bundle);
        Terminal.Say($"bundle: {Path.GetFullPath(bundle)}");
        Terminal.Say($"use it: dotrec predict --bundle {bundle} --data FILE --output FILE");
        ResultFile.Write(parsed.GetValue(shared.Json), new JsonObject
        {
            ["command"] = "train",
            ["task"] = "ranking",
            ["data"] = ToJson(data, run),
            ["settings"] = settings.ToJson(),
            ["seed"] = run.Seed,
            ["training"] = new JsonObject
            {
                ["epochs"] = run.Fit.Epochs.Count,
                ["bestEpoch"] = run.Fit.BestEpoch,
                ["stoppedEarly"] = run.Fit.StoppedEarly,
                ["loss"] = run.Fit.Epochs[run.Fit.BestEpoch - 1].Loss,
            },
            ["validation"] = RankingReportTable.Json(run.Validation),
            ["test"] = RankingReportTable.Json(run.Test),
            ["baselines"] = new JsonObject
            {
                ["constant"] = RankingReportTable.Json(run.Constant.Binary, run.Constant.Rating),
                ["regression"] = run.Regression is { } regression ? RankingReportTable.Json(regression) : null,
            },
            ["timing"] = new JsonObject { ["trainExamplesPerSecond"] = run.Fit.ExamplesPerSecond, ["trainSeconds"] = run.Fit.Epochs.Sum(epoch => epoch.TrainingSeconds) },
            ["totalSeconds"] = clock.Elapsed.TotalSeconds,
            ["bundle"] = Path.GetFullPath(bundle),
        });
    }

    private async Task<RankingData> ReadAsync(ParseResult parsed, HoldOut test, CancellationToken cancellation)
    {
        var notes = TerminalProgress.Notes();
        var path = parsed.GetRequiredValue(shared.Data);
        var file = Path.GetFileName(path);
        var kinds = shared.Features.Kinds(parsed, features: null, where: "", _options.Categories);
        var table = RankingOptions.Table(shared.Table.Read(parsed), kinds);
        var rows = await DataSource.ReadAsync(path, table, notes, cancellation);
        var time = test.Kind == HoldOut.Latest ? test.Time : null;
        var (label, features) = _options.Columns(parsed, rows, file, time);
        var columns = RankingTable.Columns(file, rows, features, kinds);
        var held = _options.Test(parsed) is { } testPath
            ? await RankerTable.ReadAsync(testPath, RankingTable.TestTypes(rows, columns, label), table, notes, cancellation)
            : null;
        var data = RankingTable.Prepare(file, rows, columns, held, label, _options.Positive(parsed), _options.Loss(parsed), notes);
        return _options.Loss(parsed) == RankingSettings.LogLoss && !data.Label.IsBinary
            ? throw new UserException($"--loss logloss is for labels of two classes; '{label}' has more.")
            : data;
    }

    private static void Describe(RankingData data)
    {
        var label = data.Label;
        Terminal.Say($"{data.Name}: {data.Rows.RowCount:N0} rows{(data.Test is { } test ? $", {test.RowCount:N0} to test on" : "")}");
        Terminal.Table(["column", "taken for", "different values", "missing"], data.Columns.Select(column => (string[])
            [column.Name, column.KindName, FormattableString.Invariant($"{column.Distinct:N0}"), FormattableString.Invariant($"{column.Missing:N0}")]));
        Terminal.Say(label.IsBinary ? $"label: {label.Column}, the probability of '{label.Positive}' against '{label.Negative}'" : $"label: {label.Column}, a number");
        foreach (var warning in LeakCheck.Warnings(data.Rows, data.Columns, data.Rows.Get<float>(label.Column)))
        {
            Terminal.Warn(warning);
        }
    }

    private static void Report(RankingRun run, RankingSettings settings)
    {
        if (run.Fit.StoppedEarly)
        {
            Terminal.Say($"stopped after epoch {run.Fit.Epochs.Count}; the weights are those of epoch {run.Fit.BestEpoch}, the best on the validation rows.");
        }

        if (run.RepeatedTestRows >= RepeatedShare * run.Held.RowCount)
        {
            Terminal.Warn(FormattableString.Invariant(
                $"{run.RepeatedTestRows:N0} of {run.Held.RowCount:N0} test rows are in the training rows too, label included: the figures tell how well the model remembers. Remove repeated rows, or test on later ones (--split time)."));
        }

        // Rare categories are unknown to training by design; what matters is how many the test has.
        if (run.Test.Warnings.Count > 0)
        {
            Terminal.Say($"unknown values of the test rows share a row: {string.Join("; ", run.Test.Warnings.Select(warning => warning.Split(". ")[0]))}.");
        }

        List<(string, BinaryMetrics?, RatingMetrics?)> results = [("mean label", run.Constant.Binary, run.Constant.Rating)];
        if (run.Regression is { } regression)
        {
            results.Add((run.Test.HasBinary ? "logistic regression" : "linear regression", regression.BinaryOrNull(), regression.RatingOrNull()));
        }

        results.Add((settings.Network, run.Test.BinaryOrNull(), run.Test.RatingOrNull()));
        RankingReportTable.Print($"on {run.Held.RowCount:N0} test rows", results);
    }

    private static JsonObject ToJson(RankingData data, RankingRun run) => new()
    {
        ["name"] = data.Name,
        ["rows"] = data.Rows.RowCount,
        ["trainingRows"] = run.Train.RowCount,
        ["testRows"] = run.Held.RowCount,
        ["repeatedTestRows"] = run.RepeatedTestRows,
        ["label"] = data.Label.ToJson(),
        ["columns"] = new JsonArray([.. data.Columns.Select(column => new JsonObject
        {
            ["name"] = column.Name,
            ["kind"] = column.KindName,
            ["distinct"] = column.Distinct,
            ["missing"] = column.Missing,
        })]),
    };
}

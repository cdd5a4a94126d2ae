using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary><c>dotrec train --task retrieval</c>: a two-tower model of anybody's data.</summary>
internal sealed class RetrievalTraining
{
    private readonly TrainingOptions _shared;
    private readonly Option<string?> _items = new("--items") { Description = "Retrieval: the catalogue, a file with one row an item and the --item column. Without it: the items of --data.", HelpName = "path" };
    private readonly Option<string> _index = new("--index")
    {
        Description = "Retrieval: the items' index. bruteforce always finds the best; scann is faster on many items, and is calibrated to find 98 % of them; auto: scann from 50,000 items on.",
        DefaultValueFactory = _ => "auto",
    };

    public RetrievalTraining(TrainingOptions shared)
    {
        _shared = shared;
        _index.OneOf("auto", "bruteforce", "scann");
    }

    /// <summary>Options that no other task has.</summary>
    public IReadOnlyList<Option> Own => [_items, _index];

    public async Task RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var notes = TerminalProgress.Notes();
        var columns = _shared.Features.Read(parsed);
        var (test, validation) = _shared.HoldOut.Read(parsed, columns.Query[0]);
        var chosen = _shared.Settings.Read(parsed);
        // The best epoch's weights and the mean of the last steps' exclude each other.
        chosen = validation is null ? chosen : chosen with { TailAverage = 0 };
        var bundle = _shared.Bundle(parsed, "retrieval");
        var path = parsed.GetRequiredValue(_shared.Data);
        var layout = _shared.Table.Read(parsed) with { Ids = [columns.Query[0], columns.Item[0]] };
        var file = parsed.GetValue(_items);
        string[] optional = [.. columns.Item, .. test.Kind == HoldOut.Random ? (string[])[] : [test.Time]];
        var interactions = await DataSource.ReadColumnsAsync(path, layout, [.. columns.Query, columns.Item[0], .. file is null ? columns.Item.Skip(1) : []], optional, notes, cancellation);

        // Names of columns are those of --data. Of the catalogue all are read: they are shown with recommendations.
        var catalogue = file is null ? null : await DataSource.ReadAsync(file, layout with { Columns = null, Header = null }, notes, cancellation);
        var prepared = TrainingData.Prepare(Path.GetFileName(path), interactions, catalogue, columns, notes);
        Describe(prepared, columns);

        var experiment = new RetrievalExperiment(prepared, chosen, columns, test)
        {
            Validation = validation,
            Checkpoint = _shared.CheckpointOf(parsed),
        };
        var run = FitProgressBar.Run("training", progress => experiment.Run(parsed.GetValue(_shared.Seed), progress, cancellation));
        var report = Report(run);
        RecommenderFactory.Save(run, prepared, chosen, bundle, Enum.Parse<ItemIndexKind>(parsed.GetRequiredValue(_index), ignoreCase: true), notes);
        Terminal.Say($"bundle: {Path.GetFullPath(bundle)}");
        Terminal.Say($"ask it: dotrec recommend --bundle {bundle}{string.Concat(columns.Query.Select(name => $" --query {name}=…"))}");
        ResultFile.Write(parsed.GetValue(_shared.Json), new JsonObject
        {
            ["command"] = "train",
            ["data"] = prepared.ToJson(),
            ["settings"] = SettingsJson.Of(chosen),
            ["seed"] = run.Seed,
            ["training"] = Training(run.Fit),
            ["test"] = report.Test(),
            ["testExcludingSeen"] = report.TestExcludingSeen(),
            ["baselines"] = report.Baselines(),
            ["timing"] = report.Timing(),
            ["totalSeconds"] = clock.Elapsed.TotalSeconds,
            ["bundle"] = Path.GetFullPath(bundle),
        });
    }

    private static void Describe(RetrievalData data, TowerFeatures features)
    {
        Terminal.Say($"{data.Name}: {data.Interactions.RowCount:N0} rows, {data.QueryCount:N0} queries ({data.QueryId}), {data.Items.RowCount:N0} items ({data.ItemId})");
        Terminal.Say($"query tower: {features.Describe(features.Query, data.Interactions)}");
        Terminal.Say($"item tower: {features.Describe(features.Item, data.Items)}");
    }

    private static RetrievalReportTable Report(RetrievalRun run)
    {
        if (run.Fit.StoppedEarly)
        {
            Terminal.Say($"stopped after epoch {run.Fit.Epochs.Count}; the weights are those of epoch {run.Fit.BestEpoch}, the best on the validation rows.");
        }

        foreach (var warning in run.Fit.Warnings.Concat(run.Evaluation.Warnings).Distinct())
        {
            Terminal.Warn(warning);
        }

        var report = new RetrievalReportTable([run]);
        report.Print("two towers");
        return report;
    }

    private static JsonObject Training(FitResult fit) => new()
    {
        ["epochs"] = fit.Epochs.Count,
        ["bestEpoch"] = fit.BestEpoch,
        ["stoppedEarly"] = fit.StoppedEarly,
        ["loss"] = fit.Epochs[fit.BestEpoch - 1].Loss,
    };
}

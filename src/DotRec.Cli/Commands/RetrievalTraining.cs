using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
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
        var pipeline = new RetrievalPipeline(_shared.Features.Read(parsed) with
        {
            Test = _shared.HoldOut.Read(parsed),
            ValidationFraction = _shared.HoldOut.Validation(parsed),
            Settings = _shared.Settings.Read(parsed),
            Index = Enum.Parse<ItemIndexKind>(parsed.GetRequiredValue(_index), ignoreCase: true),
            Seed = parsed.GetValue(_shared.Seed),
            Layout = _shared.Table.Read(parsed),
            Checkpoint = _shared.CheckpointOf(parsed),
        });
        var bundle = _shared.Bundle(parsed, "retrieval");
        var data = await pipeline.ReadAsync(parsed.GetRequiredValue(_shared.Data), parsed.GetValue(_items), new TerminalProgress(), cancellation);
        Describe(data);

        using var result = await FitProgressBar.RunAsync("training", progress => pipeline.RunAsync(data, progress, cancellation));
        Terminal.StoppedEarly(result.Fit);
        var report = new RetrievalReportTable([result]);
        report.Print("two towers");
        await result.SaveAsync(bundle, cancellation);
        Terminal.Say($"bundle: {Path.GetFullPath(bundle)}");
        Terminal.Say($"ask it: dotrec recommend --bundle {bundle}{string.Concat(pipeline.Options.QueryFeatures.Prepend(data.QueryId).Select(name => $" --query {name}=…"))}");
        ResultFile.Write(parsed.GetValue(_shared.Json), new JsonObject
        {
            ["command"] = "train",
            ["data"] = RetrievalReportTable.Json(data),
            ["settings"] = SettingsJson.Of(pipeline.Options),
            ["seed"] = pipeline.Options.Seed,
            ["training"] = SettingsJson.Of(result.Fit),
            ["test"] = report.Test(),
            ["testExcludingSeen"] = report.TestExcludingSeen(),
            ["baselines"] = report.Baselines(),
            ["timing"] = report.Timing(),
            ["totalSeconds"] = clock.Elapsed.TotalSeconds,
            ["bundle"] = Path.GetFullPath(bundle),
        });
    }

    private static void Describe(RetrievalData data)
    {
        Terminal.Say($"{data.Name}: {data.Interactions.RowCount:N0} rows, {data.QueryCount:N0} queries ({data.QueryId}), {data.Items.RowCount:N0} items ({data.ItemId})");
        Terminal.Say($"query tower: {string.Join(", ", data.QueryColumns)}");
        Terminal.Say($"item tower: {string.Join(", ", data.ItemColumns)}");
    }
}

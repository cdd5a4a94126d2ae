using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary><c>dotrec train --task retrieval</c>: the best retrieval model of anybody's data, or the one asked for.</summary>
internal sealed class RetrievalTraining
{
    private readonly TrainingOptions _shared;
    private readonly Option<string?> _items = new("--items") { Description = "Retrieval: the catalogue, a file with one row an item and the --item column. Without it: the items of --data.", HelpName = "path" };
    private readonly Option<string> _index = new("--index")
    {
        Description = "Retrieval: the index of the items of two towers; bruteforce or scann make them the model. bruteforce always finds the best; scann is faster on many items, and is calibrated to find 98 % of them; auto: scann from 50,000 items on.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string> _seen = new("--seen")
    {
        Description = "Retrieval: whether recommendations leave out what a query has had. exclude: they do, as people want; include: they do not, as sessions, pages and baskets want; auto: the data tell.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _ranks = CommonOptions.ExportRanks("Retrieval: ");
    private readonly Option<bool> _evaluateAll = CommonOptions.EvaluateAll("Retrieval: ");

    public RetrievalTraining(TrainingOptions shared)
    {
        _shared = shared;
        _seen.OneOf("auto", "exclude", "include");
        _index.OneOf("auto", "bruteforce", "scann");
    }

    /// <summary>Options that no other task has.</summary>
    public IReadOnlyList<Option> Own => [_items, _index, _seen, _ranks, _evaluateAll];

    public async Task RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var options = Read(parsed, cancellation);
        var pipeline = new RetrievalPipeline(options);
        var bundle = _shared.Bundle(parsed, "retrieval");
        var ranks = parsed.GetValue(_ranks);
        if (ranks is not null && options.Test.Kind == HoldOutKind.None)
        {
            throw new UserException("--export-ranks writes the ranks of test rows, and --split none holds none out. Leave one of them out.");
        }

        var data = await pipeline.ReadAsync(
            parsed.GetRequiredValue(_shared.Data), parsed.GetValue(_items), _shared.HoldOut.TestFile(parsed), new TerminalProgress(), cancellation);
        Describe(data);

        // From here on Ctrl+C keeps what is learned.
        using var stopping = new Stopping(cancellation);
        using var result = await stopping.RunAsync(progress => pipeline.RunAsync(data, progress, CancellationToken.None));
        var report = new RetrievalReportTable([result]);
        if (result.Selection is { } selection)
        {
            SelectionReport.Print(selection);
        }

        report.Print(RetrievalModelNames.TitleOf(result.ModelKind));
        if (result.ColdStart is { } cold)
        {
            ColdStartTable.Print(cold);
        }

        foreach (var loss in new[] { report.LossToPopularity(), report.LossToNeighbours() }.OfType<string>())
        {
            Terminal.Warn(loss);
        }

        await result.SaveAsync(bundle, CancellationToken.None);
        Terminal.Say($"bundle: {Path.GetFullPath(bundle)}");
        await _shared.HoldOut.ExportAsync(parsed, result.Split, CancellationToken.None);
        if (ranks is not null)
        {
            await result.SaveRanksAsync(ranks, CancellationToken.None);
            Terminal.Say($"ranks: {ranks}");
        }

        Terminal.Say($"ask it: dotrec recommend --bundle {bundle}{string.Concat(Asked(result, data).Select(name => $" --query {name}=…"))}");
        ResultFile.Write(parsed.GetValue(_shared.Json), new JsonObject
        {
            ["command"] = "train",
            ["data"] = RetrievalReportTable.Json(data),
            ["settings"] = SettingsJson.Of(options),
            ["seed"] = options.Seed,
            ["model"] = RetrievalModelNames.Of(result.ModelKind),
            ["modelSettings"] = result.ModelSettings,
            ["selection"] = result.Selection is { } compared ? SelectionReport.Json(compared) : null,
            ["training"] = result.Fit is { } fit ? SettingsJson.Of(result.EpochChoice ?? fit, fit) : null,
            ["excludesSeen"] = result.Recommender.Options.ExcludeSeen,
            ["test"] = report.Test(),
            ["testExcludingSeen"] = report.TestExcludingSeen(),
            ["baselines"] = report.Baselines(),
            ["coldStart"] = ColdStartTable.Json(result.ColdStart),
            ["timing"] = report.Timing(),
            ["totalSeconds"] = clock.Elapsed.TotalSeconds,
            ["bundle"] = Path.GetFullPath(bundle),
        });
        stopping.ThrowIfHeard(result.Fit, bundle);
    }

    // Towers read more; a recommender by histories is asked with an id, or with items.
    private static IEnumerable<string> Asked(RetrievalResult result, RetrievalData data) =>
        result.TwoTower is not null ? result.Options.QueryFeatures.Prepend(data.QueryId) : [data.QueryId];

    private RetrievalPipelineOptions Read(ParseResult parsed, CancellationToken cancellation)
    {
        var options = _shared.Features.Read(parsed) with
        {
            Label = _shared.Labels.Label(parsed),
            Positive = _shared.Labels.Positive(parsed) is { } positive && _shared.Labels.Label(parsed) is null
                ? throw new UserException($"--positive '{positive}' says which label stands for chosen, and no --label names the column.") : _shared.Labels.Positive(parsed),
            Weight = _shared.Labels.Weight(parsed),
            Test = _shared.HoldOut.Read(parsed),
            ValidationFraction = _shared.HoldOut.Validation(parsed),
            Settings = _shared.Settings.Read(parsed),
            Model = Model(parsed),
            TimeBudget = _shared.Model.Budget(parsed),
            Index = Enum.Parse<ItemIndexKind>(parsed.GetRequiredValue(_index), ignoreCase: true),
            ExcludeSeen = parsed.GetRequiredValue(_seen) switch { "exclude" => true, "include" => false, _ => null },
            Seed = parsed.GetValue(_shared.Seed),
            Layout = _shared.Table.Read(parsed),
            Checkpoint = _shared.CheckpointOf(parsed),
            StopToken = cancellation,
        };
        return parsed.GetValue(_evaluateAll) ? options with { EvaluationBudget = long.MaxValue } : options;
    }

    // The indexes are of towers: whoever names one wants them.
    private RetrievalModelKind Model(ParseResult parsed) =>
        RetrievalModelNames.Parse(_shared.Model.Model(parsed, "retrieval", RetrievalModelNames.All)) is var model && model == RetrievalModelKind.Auto && parsed.GetRequiredValue(_index) != "auto"
            ? RetrievalModelKind.TwoTower : model;

    private static void Describe(RetrievalData data)
    {
        Terminal.Say($"{data.Name}: {data.Interactions.RowCount:N0} rows, {data.QueryCount:N0} queries ({data.QueryId}), {data.Items.RowCount:N0} items ({data.ItemId}){(data.Test is { } test ? $", {test.RowCount:N0} rows to test on" : "")}{(data.Negatives is { } others ? $", {others.RowCount:N0} rows that were shown and not chosen" : "")}");
        Terminal.Say($"query tower: {string.Join(", ", data.QueryColumns)}");
        Terminal.Say($"item tower: {string.Join(", ", data.ItemColumns)}");
    }
}

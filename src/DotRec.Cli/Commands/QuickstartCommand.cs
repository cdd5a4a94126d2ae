using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary><c>dotrec quickstart</c>: the whole path on MovieLens-shaped data, from raw rows to a bundle that another process asks.</summary>
internal static class QuickstartCommand
{
    private const double TestFraction = 0.2;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "A MovieLens zip by GroupLens (100K, 1M, latest-small); made-up data of that shape without it.", HelpName = "zip" };
        var preset = new Option<string?>("--preset")
        {
            Description = "tutorial: TFRS' basic retrieval recipe; tuned: the defaults of DotRec's ready model. Without it: tutorial with --data, tuned on the made-up data.",
        };
        preset.OneOf(SettingsOptions.Tutorial, SettingsOptions.Tuned);
        var seeds = new Option<int>("--seeds") { Description = "How many splits and models; figures are means over them.", DefaultValueFactory = _ => 1 }.AtLeastOne();
        var seed = CommonOptions.Seed(42);
        var output = new Option<string>("--output", "-o") { Description = "Where the bundle goes.", HelpName = "dir", DefaultValueFactory = _ => Path.Combine("models", "quickstart", "1") };
        var json = CommonOptions.Json();
        var command = new Command("quickstart", "Train, evaluate, save and ask a two-tower model: the whole path in one command.") { data, preset, seeds, seed, output, json };
        command.SetWork((parsed, cancellation) =>
        {
            Destination.RequireBundle(parsed.GetRequiredValue(output));
            var path = parsed.GetValue(data);
            var settings = SettingsOptions.Preset(parsed.GetValue(preset) ?? (path is null ? SettingsOptions.Tuned : SettingsOptions.Tutorial));
            return RunAsync(path, settings, parsed.GetValue(seeds), parsed.GetValue(seed), parsed.GetRequiredValue(output), parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static async Task RunAsync(
        string? path, RetrievalSettings settings, int seedCount, ulong firstSeed, string output, string? json, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        Terminal.Heading("data");
        var data = path is null ? RetrievalData.Generated(seed: 42) : RetrievalData.FromMovieLens(path);
        Terminal.Say($"{data.Name}: {data.Interactions.RowCount:N0} ratings, {data.QueryCount:N0} users, {data.Items.RowCount:N0} titles; {1 - TestFraction:P0} to train, the rest to test, split at random.");

        Terminal.Heading($"training, preset {settings.Preset}");
        var options = new RetrievalPipelineOptions
        {
            QueryId = data.QueryId,
            ItemId = data.ItemId,
            Test = HoldOut.Random(TestFraction),
            Model = RetrievalModelKind.TwoTower,
            Settings = settings,
            MeasureEase = true,
            KnowHeldOutValues = true,
        };
        var runs = new List<RetrievalResult>();
        for (var i = 0; i < seedCount; i++)
        {
            var pipeline = new RetrievalPipeline(options with { Seed = firstSeed + (ulong)i, CreateRecommender = i == 0 });
            runs.Add(await WorkProgress.RunAsync($"seed {pipeline.Options.Seed}", progress => pipeline.RunAsync(data, progress, cancellation)));
        }

        Terminal.Heading("test");
        var report = new RetrievalReportTable(runs);
        report.Print($"two towers, {settings.Preset}");
        if (report.LossToPopularity() is { } loss)
        {
            Terminal.Warn(settings.Preset == SettingsOptions.Tutorial
                ? $"{loss} The tutorial's loss takes frequent items for bad ones; --preset tuned corrects for that."
                : loss);
        }

        await runs[0].SaveAsync(output, cancellation);
        runs.ForEach(run => run.Dispose());
        Terminal.Heading("recommendations, read back by a second process");
        Terminal.Say($"bundle: {Path.GetFullPath(output)}");
        var user = ((Column<string>)data.Interactions[data.QueryId]).Values[0];
        var answer = await SecondProcess.RecommendAsync(output, $"{data.QueryId}={user}", cancellation);

        ResultFile.Write(json, new JsonObject
        {
            ["command"] = "quickstart",
            ["data"] = RetrievalReportTable.Json(data),
            ["settings"] = SettingsJson.Of(options),
            ["seeds"] = new JsonArray([.. runs.Select(run => JsonValue.Create(run.Options.Seed))]),
            ["test"] = report.Test(),
            ["testExcludingSeen"] = report.TestExcludingSeen(),
            ["baselines"] = report.Baselines(),
            ["timing"] = report.Timing(),
            ["totalSeconds"] = clock.Elapsed.TotalSeconds,
            ["bundle"] = Path.GetFullPath(output),
            ["recommendations"] = answer,
        });
        Terminal.Say(FormattableString.Invariant($"done in {clock.Elapsed.TotalSeconds:F1} s. Ask for others: dotrec recommend --bundle {output} --query {data.QueryId}=…"));
    }
}

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
        preset.OneOf(RetrievalSettings.TutorialPreset, RetrievalSettings.TunedPreset);
        var seeds = new Option<int>("--seeds") { Description = "How many splits and models; figures are means over them.", DefaultValueFactory = _ => 1 }.AtLeastOne();
        var seed = CommonOptions.Seed(42);
        var output = new Option<string>("--output", "-o") { Description = "Where the bundle goes.", HelpName = "dir", DefaultValueFactory = _ => Path.Combine("models", "quickstart", "1") };
        var json = CommonOptions.Json();
        var command = new Command("quickstart", "Train, evaluate, save and ask a two-tower model: the whole path in one command.") { data, preset, seeds, seed, output, json };
        command.SetWork((parsed, cancellation) =>
        {
            Destination.RequireBundle(parsed.GetRequiredValue(output));
            var path = parsed.GetValue(data);
            var settings = RetrievalSettings.Named(parsed.GetValue(preset) ?? (path is null ? RetrievalSettings.TunedPreset : RetrievalSettings.TutorialPreset));
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
        var features = new TowerFeatures([data.QueryId], [data.ItemId], new Dictionary<string, FeatureKind>());
        var test = new HoldOut(HoldOut.Random, TestFraction, data.QueryId, Time: "timestamp");
        var experiment = new RetrievalExperiment(data, settings, features, test) { MeasuresEase = true, KnowsHeldOutValues = true };
        var runs = new List<RetrievalRun>();
        for (var i = 0; i < seedCount; i++)
        {
            var seed = firstSeed + (ulong)i;
            runs.Add(FitProgressBar.Run($"seed {seed}", progress => experiment.Run(seed, progress, cancellation)));
        }

        Terminal.Heading("test");
        var report = new RetrievalReportTable(runs);
        report.Print($"two towers, {settings.Preset}");
        if (report.IsBehindPopularity())
        {
            Terminal.Warn(settings.Preset == RetrievalSettings.TutorialPreset
                ? "this model loses to popularity: the tutorial's loss takes frequent items for bad ones. --preset tuned corrects for that."
                : "this model loses to popularity.");
        }

        RecommenderFactory.Save(runs[0], data, settings, output, ItemIndexKind.Auto, TerminalProgress.Notes());
        Terminal.Heading("recommendations, read back by a second process");
        Terminal.Say($"bundle: {Path.GetFullPath(output)}");
        var user = ((Column<string>)data.Interactions[data.QueryId]).Values[0];
        var answer = await SecondProcess.RecommendAsync(output, $"{data.QueryId}={user}", cancellation);

        ResultFile.Write(json, new JsonObject
        {
            ["command"] = "quickstart",
            ["data"] = data.ToJson(),
            ["settings"] = SettingsJson.Of(settings),
            ["seeds"] = new JsonArray([.. runs.Select(run => JsonValue.Create(run.Seed))]),
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

using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary><c>dotrec train</c>: a two-tower model of anybody's data, without code.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Who chose what: CSV, TSV (.gz, .zip) or Parquet, one row a choice.", HelpName = "path", Required = true };
        var query = new Option<string>("--query") { Description = "Column that tells who chose, for example user_id.", HelpName = "column", Required = true };
        var item = new Option<string>("--item") { Description = "Column that tells what was chosen, for example movie_id.", HelpName = "column", Required = true };
        var items = new Option<string?>("--items") { Description = "The catalogue: a file with one row an item and the --item column. Without it: the items of --data.", HelpName = "path" };
        var queryFeatures = Columns("--query-features", "More columns for the query tower.");
        var itemFeatures = Columns("--item-features", "More columns for the item tower, from --items or else from --data.");
        var text = Columns("--text", "Those of the features that are text, to be split into words.");
        var split = new Option<string>("--split") { Description = "How rows are held out for the test.", DefaultValueFactory = _ => "random" };
        split.AcceptOnlyFromAmong("random", "time", "last");
        var time = new Option<string>("--time") { Description = "Column of times, for --split time and last.", HelpName = "column", DefaultValueFactory = _ => "timestamp" };
        var testFraction = new Option<double>("--test-fraction") { Description = "Share of the rows held out.", HelpName = "0…1", DefaultValueFactory = _ => 0.1 };
        var preset = new Option<string>("--preset") { Description = "Starting point of the settings below.", DefaultValueFactory = _ => RetrievalSettings.TunedPreset };
        preset.AcceptOnlyFromAmong(RetrievalSettings.TunedPreset, RetrievalSettings.TutorialPreset);
        var settings = new SettingsOptions();
        var checkpoint = new Option<string?>("--checkpoint") { Description = "Save the state of training here after each epoch, and go on from it if it exists.", HelpName = "path" };
        var seed = CommonOptions.Seed(42);
        var output = new Option<string>("--output", "-o") { Description = "Where the bundle goes.", HelpName = "dir", DefaultValueFactory = _ => Path.Combine("models", "retrieval", "1") };
        var json = CommonOptions.Json();

        var command = new Command("train", "Train a two-tower model on a file of choices and save it as a bundle.")
        {
            data, query, item, items, queryFeatures, itemFeatures, text, split, time, testFraction, preset, checkpoint, seed, output, json,
        };
        settings.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var interactions = await DataSource.ReadAsync(parsed.GetRequiredValue(data), cancellation);
            var catalogue = parsed.GetValue(items) is { } path ? await DataSource.ReadAsync(path, cancellation) : null;
            var (queryId, itemId) = (parsed.GetRequiredValue(query), parsed.GetRequiredValue(item));
            var features = new TowerFeatures(
                [queryId, .. parsed.GetValue(queryFeatures) ?? []], [itemId, .. parsed.GetValue(itemFeatures) ?? []], parsed.GetValue(text) ?? []);
            var job = TrainingData.Prepare(Path.GetFileName(parsed.GetRequiredValue(data)), interactions, catalogue, features);
            var fraction = parsed.GetValue(testFraction);
            if (fraction is not (> 0 and < 1))
            {
                throw new UserException($"--test-fraction is {fraction}; it is a share of the rows between 0 and 1, both excluded.");
            }

            DataSplit Split(ulong number) => parsed.GetValue(split) switch
            {
                "time" => job.Interactions.ByTime(1 - fraction, parsed.GetRequiredValue(time)),
                "last" => job.Interactions.LeaveLastOut(queryId, parsed.GetRequiredValue(time)),
                _ => job.Interactions.RandomSplit(1 - fraction, number),
            };
            var chosen = settings.Read(parsed, RetrievalSettings.Named(parsed.GetRequiredValue(preset)));
            var experiment = new RetrievalExperiment(job, chosen, features, Split)
            {
                Checkpoint = parsed.GetValue(checkpoint) is { } file ? new CheckpointOptions(file) : null,
            };
            Run(experiment, job, features, chosen, parsed.GetValue(seed), parsed.GetRequiredValue(output), parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static void Run(
        RetrievalExperiment experiment, RetrievalData data, TowerFeatures features, RetrievalSettings settings, ulong seed, string output, string? json, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        Terminal.Say($"{data.Name}: {data.Interactions.RowCount:N0} rows, {data.QueryCount:N0} queries ({data.QueryId}), {data.Items.RowCount:N0} items ({data.ItemId})");
        Terminal.Say($"query tower: {string.Join(", ", features.Query.Select(name => data.Interactions[name].Schema))}");
        Terminal.Say($"item tower: {string.Join(", ", features.Item.Select(name => data.Items[name].Schema))}");
        var run = FitProgressBar.Run("training", progress => experiment.Run(seed, progress, cancellation));
        foreach (var warning in run.Fit.Warnings.Concat(run.Evaluation.Warnings).Distinct())
        {
            Terminal.Warn(warning);
        }

        var report = new ExperimentReport([run]);
        report.Print("two towers");
        var (recommender, index) = RecommenderFactory.Create(run, data, settings);
        using (index)
        using (recommender)
        {
            recommender.Save(output);
        }

        Terminal.Say($"bundle: {Path.GetFullPath(output)}");
        Terminal.Say($"ask it: dotrec recommend --bundle {output}{string.Concat(features.Query.Select(name => $" --query {name}=…"))}");
        ResultFile.Write(json, new JsonObject
        {
            ["command"] = "train",
            ["data"] = new JsonObject
            {
                ["name"] = data.Name,
                ["interactions"] = data.Interactions.RowCount,
                ["queries"] = data.QueryCount,
                ["items"] = data.Items.RowCount,
            },
            ["settings"] = SettingsJson.Of(settings),
            ["seed"] = seed,
            ["test"] = report.Test(),
            ["testExcludingSeen"] = report.TestExcludingSeen(),
            ["baselines"] = report.Baselines(),
            ["timing"] = report.Timing(),
            ["totalSeconds"] = clock.Elapsed.TotalSeconds,
            ["bundle"] = Path.GetFullPath(output),
        });
    }

    private static Option<string[]> Columns(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "column",
        AllowMultipleArgumentsPerToken = true,
    };
}

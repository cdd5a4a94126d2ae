using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary><c>dotrec train</c>: a two-tower model of anybody's data, without code.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Who chose what: CSV, TSV (.gz, .zip) or Parquet, one row a choice.", HelpName = "path", Required = true };
        var items = new Option<string?>("--items") { Description = "The catalogue: a file with one row an item and the --item column. Without it: the items of --data.", HelpName = "path" };
        var features = new FeatureOptions();
        var holdOut = new HoldOutOptions();
        var settings = new SettingsOptions();
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "Save the state of training to this file after each epoch. If it exists, go on from it; data and settings must be the same.",
            HelpName = "path",
        };
        var index = new Option<string>("--index")
        {
            Description = "The items' index: bruteforce always finds the best; scann is faster on many items, and is calibrated to find 98 % of them; auto: scann from 50,000 items on.",
            DefaultValueFactory = _ => "auto",
        };
        index.OneOf("auto", "bruteforce", "scann");
        var seed = CommonOptions.Seed(42);
        var output = new Option<string>("--output", "-o") { Description = "Where the bundle goes; a bundle there is replaced.", HelpName = "dir", DefaultValueFactory = _ => Path.Combine("models", "retrieval", "1") };
        var json = CommonOptions.Json();

        var command = new Command("train", "Train a two-tower model on a file of choices and save it as a bundle.") { data, items };
        features.AddTo(command);
        holdOut.AddTo(command);
        settings.AddTo(command);
        foreach (var option in (Option[])[checkpoint, index, seed, output, json])
        {
            command.Add(option);
        }

        command.SetWork(async (parsed, cancellation) =>
        {
            var clock = Stopwatch.StartNew();
            var columns = features.Read(parsed);
            var (test, validation) = holdOut.Read(parsed, columns.Query[0]);
            var chosen = settings.Read(parsed);
            // The best epoch's weights and the mean of the last steps' exclude each other.
            chosen = validation is null ? chosen : chosen with { TailAverage = 0 };
            Destination.RequireBundle(parsed.GetRequiredValue(output));
            var path = parsed.GetRequiredValue(data);
            var interactions = await DataSource.ReadAsync(path, cancellation);
            var catalogue = parsed.GetValue(items) is { } file ? await DataSource.ReadAsync(file, cancellation) : null;
            var prepared = TrainingData.Prepare(Path.GetFileName(path), interactions, catalogue, columns);
            Describe(prepared, columns);

            var experiment = new RetrievalExperiment(prepared, chosen, columns, test)
            {
                Validation = validation,
                Checkpoint = parsed.GetValue(checkpoint) is { } state ? new CheckpointOptions(state) : null,
            };
            var run = FitProgressBar.Run("training", progress => experiment.Run(parsed.GetValue(seed), progress, cancellation));
            var report = Report(run);
            var bundle = parsed.GetRequiredValue(output);
            RecommenderFactory.Save(run, prepared, chosen, bundle, Enum.Parse<ItemIndexKind>(parsed.GetRequiredValue(index), ignoreCase: true));
            Terminal.Say($"bundle: {Path.GetFullPath(bundle)}");
            Terminal.Say($"ask it: dotrec recommend --bundle {bundle}{string.Concat(columns.Query.Select(name => $" --query {name}=…"))}");
            ResultFile.Write(parsed.GetValue(json), new JsonObject
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
        });
        return command;
    }

    private static void Describe(RetrievalData data, TowerFeatures features)
    {
        Terminal.Say($"{data.Name}: {data.Interactions.RowCount:N0} rows, {data.QueryCount:N0} queries ({data.QueryId}), {data.Items.RowCount:N0} items ({data.ItemId})");
        Terminal.Say($"query tower: {features.Describe(features.Query, data.Interactions)}");
        Terminal.Say($"item tower: {features.Describe(features.Item, data.Items)}");
    }

    private static ExperimentReport Report(SeedRun run)
    {
        if (run.Fit.StoppedEarly)
        {
            Terminal.Say($"stopped after epoch {run.Fit.Epochs.Count}; the weights are those of epoch {run.Fit.BestEpoch}, the best on the validation rows.");
        }

        foreach (var warning in run.Fit.Warnings.Concat(run.Evaluation.Warnings).Distinct())
        {
            Terminal.Warn(warning);
        }

        var report = new ExperimentReport([run]);
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

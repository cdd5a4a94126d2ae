using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints AUC and log loss of the tool's ranking models, default options, beside logistic regression, ML.NET's field-aware factorization machine and
/// gradient-boosted trees, and the base rate: <c>click-models --data DIR [--seeds N] [--only NAME] [--json FILE]</c>.
/// </summary>
internal static class ClickModelTable
{
    private const string Usage = "click-models --data DIR [--seeds N] [--only NAME] [--json FILE]; DIR holds adult.zip, frappe.zip, criteo-kaggle-head-10800.zip and talkingdata-train_sample.zip.";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly ClickData[] All = [new AdultData(), new FrappeData(), new TalkingData(isByTime: false), new TalkingData(isByTime: true), new CriteoData()];

    private static readonly (string Model, string Label)[] InSummary =
    [
        ("base rate", "base rate"), ("logistic", "logistic regression"), ("ML.NET FFM", "ML.NET, field-aware factorization machine"), ("LightGBM", "ML.NET, LightGBM"),
        ("auto", "`dotrec train --task ranking`"),
    ];

    public static async Task<int> PrintAsync(string[] arguments)
    {
        if (PairedOptions.Read(arguments, Usage, "--data", "--seeds", "--only", "--json") is not { } options)
        {
            return 2;
        }

        if (!options.TryGetValue("--data", out var folder))
        {
            await Console.Error.WriteLineAsync($"--data is missing. Usage: {Usage}");
            return 2;
        }

        var chosen = All.Where(data => !options.TryGetValue("--only", out var only) || data.Name == only).ToArray();
        if (chosen.Length == 0 || !int.TryParse(options.GetValueOrDefault("--seeds", "3"), CultureInfo.InvariantCulture, out var seeds) || seeds < 1)
        {
            await Console.Error.WriteLineAsync($"--only takes one of: {string.Join("; ", All.Select(data => data.Name))}. --seeds takes a whole number from 1 on.");
            return 2;
        }

        var documents = new JsonArray();
        Console.WriteLine("| data | model | AUC | log loss | processor seconds |\n|---|---|---:|---:|---:|");
        foreach (var data in chosen)
        {
            foreach (var scores in await MeasureAsync(data, folder, seeds))
            {
                Console.WriteLine(scores.Line);
                documents.Add(scores.Json);
            }

            // After each data set: what is done stays when a long run is stopped.
            if (options.TryGetValue("--json", out var json))
            {
                await File.WriteAllTextAsync(json, documents.ToJsonString(Indented) + "\n");
            }
        }

        return 0;
    }

    /// <summary>The table of all data sets, and that of the readme.</summary>
    public static async Task<IReadOnlyDictionary<string, ResultTable>> MeasureAsync(string folder, int seeds)
    {
        var scores = new List<ClickScores>();
        foreach (var data in All)
        {
            scores.AddRange(await MeasureAsync(data, folder, seeds));
        }

        return new Dictionary<string, ResultTable>(StringComparer.Ordinal)
        {
            ["models"] = new(
                [new("data"), new("model"), new("AUC", "0.0000"), new("log loss", "0.0000"), new("processor seconds", "F1")],
                [.. scores.Select(one => (JsonNode?[])[one.Data, one.Model, ClickScores.Cell(one.Auc), ClickScores.Cell(one.LogLoss), ResultTable.Number(one.Seconds.Average())])]),
            ["summary"] = Summary(scores),
        };
    }

    private static ResultTable Summary(List<ClickScores> scores)
    {
        string[] sets = ["Adult", "Frappe"];
        return new ResultTable(
            [new(""), .. sets.SelectMany(set => (ResultColumn[])[new($"{set}, AUC", "0.0000"), new("log loss", "0.0000")])],
            [.. InSummary.Select(model => (JsonNode?[])[model.Label, .. sets.Select(set => scores.Single(one => one.Data == set && one.Model == model.Model))
                .SelectMany(one => (JsonNode?[])[ClickScores.Cell(one.Auc), ClickScores.Cell(one.LogLoss)])])]);
    }

    private static async Task<IReadOnlyList<ClickScores>> MeasureAsync(ClickData set, string folder, int seeds)
    {
        string[] models = ["base rate", .. NoCodeModels.Networks.Select(network => network.Name), "ML.NET FFM", "LightGBM"];
        var results = Array.ConvertAll(models, model => new ClickScores(set.Name, model));
        FieldAwareSettings? settings = null;
        BoostedTreeSettings? trees = null;
        var work = Directory.CreateTempSubdirectory("click-models-").FullName;
        try
        {
            for (var seed = 1UL; seed <= (ulong)seeds; seed++)
            {
                var (train, test) = set.Read(folder, seed).Write(work, set.Header);
                var data = await NoCodeModels.ReadAsync(train, test, set.Label);
                var validation = NoCodeModels.Validation(set.ValidationFraction);
                var chosen = "";
                foreach (var (network, scores) in NoCodeModels.Networks.Zip(results.Skip(1)))
                {
                    var start = ProcessorClock.Seconds();
                    var run = NoCodeModels.Run(data, network, validation, seed);
                    scores.Add(run.Test!.Binary.Auc, run.Test.Binary.LogLoss, ProcessorClock.Seconds() - start);
                    chosen = run.Selection?.Chosen.Name ?? chosen;
                    if (network == RankingNetworkKind.Logistic)
                    {
                        results[0].Add(run.Constant!.Binary!.Auc, run.Constant.Binary.LogLoss, 0);
                    }
                }

                // The tool's networks are chosen and stopped by these validation rows, then learn from them; so do the peers, whose settings are chosen on those of the first seed.
                var (learned, stop) = validation.Split(data.Rows, queryId: "", seed);
                var first = seed;
                settings ??= FieldAwareSettings.Choose(candidate => FieldAwareMachine.Run(data, learned, stop, candidate, first, work).LogLoss);
                var begin = ProcessorClock.Seconds();
                var machine = FieldAwareMachine.Run(data, data.Rows, data.Test!, settings, seed, work);
                results[^2].Add(machine.Auc, machine.LogLoss, ProcessorClock.Seconds() - begin);
                trees ??= BoostedTrees.Choose(data, learned, stop, first, work);
                begin = ProcessorClock.Seconds();
                var forest = BoostedTrees.Run(data, data.Rows, data.Test!, trees, seed, work);
                results[^1].Add(forest.Auc, forest.LogLoss, ProcessorClock.Seconds() - begin);
                await Console.Error.WriteLineAsync($"{set.Name}, seed {seed}: {data.Rows.RowCount:N0} rows to train, {data.Test!.RowCount:N0} to test; FFM: {settings}; LightGBM: {trees}; chosen: {chosen}");
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        return results;
    }
}

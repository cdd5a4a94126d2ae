using System.Diagnostics;
using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>
/// The leave-last-out protocol on one set: models of counts and linear ones with settings chosen on validation users, then SASRec and its blend with the linear transition over
/// several seeds, beside published figures. Train-only: fit on the training part, and asked with all but the last item; refit: fit on all but the last item.
/// </summary>
internal static class SequenceNumbers
{
    private const int Seeds = 5;
    private const int ValidationUsers = 6000;
    private const int WeightUsers = 3000;
    private const string Transition = "linear transition";
    private static readonly int[] Ks = [10, 100];

    /// <param name="data">One of <see cref="SequenceData.Names"/>.</param>
    /// <param name="refits">Whether networks are trained a second time with the validation items.</param>
    /// <param name="published">Name, HR@10 and NDCG@10 of what others have published by this protocol.</param>
    public static IReadOnlyDictionary<string, ResultTable> Measure(string data, bool refits, params (string Name, double HitRate, double Ndcg)[] published)
    {
        var histories = SequenceData.Load(data, DataFolder.Find(named: null));
        var split = new LeaveLastOut(histories);
        var rows = new List<JsonNode?[]>();
        ItemTransitionModel? linear = null;
        foreach (var search in SequenceCandidates.Counted(histories))
        {
            Terminal.Say($"{data}: {search.Name}");
            var (trainOnly, refit, seconds) = Counted(split, search);
            linear = trainOnly as ItemTransitionModel ?? linear;
            rows.Add(Row(search.Name, search.Chosen, [Figures(trainOnly, split.Test)], [Figures(refit, split.Test)], [seconds]));
        }

        foreach (var search in SequenceCandidates.Networks(split.Train).Take(refits ? int.MaxValue : 1))
        {
            rows.AddRange(Network($"{data}: {search.Name}", split, search, linear!, refits));
        }

        rows.AddRange(published.Select(row => (JsonNode?[])[row.Name, "published", ResultTable.Number(row.HitRate), null, ResultTable.Number(row.Ndcg), null, null, null, null]));
        return new Dictionary<string, ResultTable>(StringComparer.Ordinal)
        {
            ["figures"] = new(
                [
                    new("model"), new("settings"), new("HR@10", ".0000"), new("± 95 %", ".0000"), new("NDCG@10", ".0000"), new("HR@100", ".0000"),
                    new("refit: HR@10", ".0000"), new("NDCG@10", ".0000"), new("fit, s", "0.0"),
                ],
                rows),
            ["size"] = new(
                [new("queries", "0"), new("items", "0"), new("choices", "0"), new("test items", "0"), new("seeds", "0")],
                [[histories.Count, histories.ItemCount, histories.Length, split.Test.Count, Seeds]]),
        };
    }

    private static (HistoryModel TrainOnly, HistoryModel Refit, double Seconds) Counted(LeaveLastOut split, SequenceSearch search)
    {
        var validation = split.Validation.Sample(ValidationUsers, seed: 1);
        var (create, _) = search.Choose(model =>
        {
            model.Fit(split.Train);
            return model.Evaluate(validation, Ks).ExcludingSeen.Ndcg[10];
        });
        var clock = Stopwatch.StartNew();
        var trainOnly = Fit(create(), split.Train);
        var seconds = clock.Elapsed.TotalSeconds;
        return (trainOnly, Fit(create(), split.TrainAndValidation), seconds);
    }

    private static IEnumerable<JsonNode?[]> Network(string title, LeaveLastOut split, SequenceSearch search, ItemTransitionModel linear, bool refits)
    {
        var (own, blended) = (new List<(double[] TrainOnly, double[]? Refit)>(), new List<(double[] TrainOnly, double[]? Refit)>());
        var (seconds, weights) = (new List<double>(), new List<double>());
        var (create, _) = search.Choose(_ => 0);
        var again = refits ? Fit(new ItemTransitionModel { Decay = linear.Decay, Regularization = linear.Regularization }, split.TrainAndValidation) : null;
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            Terminal.Say($"{title}, seed {seed}");
            var network = (HistoryNetwork)create();
            var options = HistoryFitOptions.For(split.Train, network.Options) with { Seed = seed };
            var clock = Stopwatch.StartNew();
            var fit = network.Fit(split.Train, options with { Validation = split.Validation });
            seconds.Add(clock.Elapsed.TotalSeconds);
            var blend = new BlendModel(network, linear);
            blend.ChooseWeight(split.Validation.Sample(WeightUsers, seed));
            weights.Add(blend.Weight);
            var (trainOnly, both) = (Figures(network, split.Test), Figures(blend, split.Test));
            double[]? refit = null, bothRefit = null;
            if (again is not null)
            {
                var second = (HistoryNetwork)create();
                second.Fit(split.TrainAndValidation, options with { Epochs = fit.BestEpoch });
                (refit, bothRefit) = (Figures(second, split.Test), Figures(new BlendModel(second, again) { Weight = blend.Weight }, split.Test));
            }

            own.Add((trainOnly, refit));
            blended.Add((both, bothRefit));
        }

        yield return Row($"{search.Name}, {Seeds} seeds", "", Of(own, pair => pair.TrainOnly), Of(own, pair => pair.Refit), seconds);
        yield return Row($"{search.Name} + {Transition}", $"1 : {string.Join(", ", weights.Distinct().Order())}", Of(blended, pair => pair.TrainOnly), Of(blended, pair => pair.Refit), []);
    }

    private static double[][] Of(List<(double[] TrainOnly, double[]? Refit)> figures, Func<(double[] TrainOnly, double[]? Refit), double[]?> pick) => [.. figures.Select(pick).OfType<double[]>()];

    private static T Fit<T>(T model, Histories histories)
        where T : HistoryModel
    {
        model.Fit(histories);
        return model;
    }

    // HR@10, NDCG@10, HR@100 and half of the interval of the first.
    private static double[] Figures(HistoryModel model, NextItems test)
    {
        var metrics = model.Evaluate(test, Ks).ExcludingSeen;
        return [metrics.HitRate[10], metrics.Ndcg[10], metrics.HitRate[100], 1.96 * Math.Sqrt(metrics.HitRate[10] * (1 - metrics.HitRate[10]) / metrics.Count)];
    }

    private static JsonNode?[] Row(string name, string settings, double[][] trainOnly, double[][] refit, List<double> seconds) =>
    [
        name, settings, Cell(trainOnly, 0), Cell([[trainOnly.Average(figures => figures[3])]], 0), Cell(trainOnly, 1), Cell(trainOnly, 2),
        Cell(refit, 0), Cell(refit, 1), seconds.Count == 0 ? null : ResultTable.Number(seconds.Average()),
    ];

    private static JsonNode? Cell(double[][] runs, int figure)
    {
        if (runs.Length < 2)
        {
            return runs.Length == 0 ? null : ResultTable.Number(runs[0][figure]);
        }

        var (mean, deviation) = SeedStatistics.Of([.. runs.Select(run => run[figure])]);
        return ResultTable.Pair(mean, deviation);
    }
}

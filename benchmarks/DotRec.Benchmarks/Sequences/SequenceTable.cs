using System.Diagnostics;
using DotRec.Modeling;

namespace DotRec.Benchmarks;

/// <summary>
/// Models by histories, on the leave-last-out protocol: settings, and epochs of networks, chosen on validation users, then measured on the test items twice, fit
/// on the training part and fit again with the validation items: <c>sequences [data set …] [model=NAME …]</c>.
/// </summary>
internal static class SequenceTable
{
    private const int ValidationUsers = 6000;
    private static readonly int[] Ks = [10, 100];

    public static int Print(string[] arguments)
    {
        const string Model = "model=";
        var folder = DataFolder.Find(named: null);
        var models = arguments.Where(argument => argument.StartsWith(Model, StringComparison.Ordinal)).Select(argument => argument[Model.Length..]).ToArray();
        var names = arguments.Where(argument => !argument.StartsWith(Model, StringComparison.Ordinal)).ToArray();
        foreach (var name in names.Length == 0 ? SequenceData.Names : names)
        {
            var histories = SequenceData.Load(name, folder);
            var split = new LeaveLastOut(histories);
            Console.WriteLine($"{name}: {histories.Count:N0} queries, {histories.ItemCount:N0} items, {histories.Length:N0} choices, {split.Test.Count:N0} test items");
            Console.WriteLine("| model | chosen | validation NDCG@10 | train-only HR@10 / NDCG@10 / HR@100 | refit HR@10 / NDCG@10 / HR@100 | ± | fit, s | processor, s | search, s |");
            Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var search in SequenceCandidates.All(histories).Where(search => models.Length == 0 || models.Contains(search.Name, StringComparer.OrdinalIgnoreCase)))
            {
                Row(split, search);
            }
        }

        return 0;
    }

    private static void Row(LeaveLastOut split, SequenceSearch search)
    {
        var clock = Stopwatch.StartNew();
        var validation = split.Validation.Sample(ValidationUsers, seed: 1);
        var (trainOnly, epochs, highest) = ((HistoryModel?)null, 0, double.NegativeInfinity);
        var (chosen, best) = search.Choose(model =>
        {
            var needed = Fit(model, split.Train, validation, epochs: 0);
            var figure = model.Evaluate(validation, Ks).ExcludingSeen.Ndcg[10];
            (trainOnly, epochs, highest) = figure > highest ? (model, needed, figure) : (trainOnly, epochs, highest);
            return figure;
        });
        var searched = clock.Elapsed.TotalSeconds;
        var first = trainOnly!.Evaluate(split.Test, Ks).ExcludingSeen;
        var refit = chosen();
        clock.Restart();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        Fit(refit, split.TrainAndValidation, validation: null, epochs);
        var (seconds, spent) = (clock.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds);
        var second = refit.Evaluate(split.Test, Ks).ExcludingSeen;
        var interval = 1.96 * Math.Sqrt(second.HitRate[10] * (1 - second.HitRate[10]) / second.Count);
        Console.WriteLine(FormattableString.Invariant(
            $"| {search.Name} | {search.Chosen} | {best:.0000} | {Figures(first)} | {Figures(second)} | {interval:.0000} | {seconds:0.0} | {spent:0.0} | {searched:0.0} |"));
    }

    // Epochs of a network, 0 of other models. Where validation decides, the learning rate falls to the last of all epochs; a fit again has as many as were best.
    private static int Fit(HistoryModel model, Histories histories, NextItems? validation, int epochs)
    {
        if (model is not HistoryNetwork network)
        {
            model.Fit(histories);
            return 0;
        }

        var isSampled = network.Options.Negatives is null && histories.ItemCount > 5000;
        var schedule = LearningRateSchedule.CosineDecay(0.05);
        return network.Fit(histories, new HistoryFitOptions
        {
            Epochs = epochs > 0 ? epochs : isSampled ? 24 : 60,
            Optimizer = isSampled
                ? new CompositeOptimizer(
                    (new Adam(0.02) { Schedule = schedule }, parameter => parameter.IsRowSparse), (new Adam(0.002) { Schedule = schedule }, parameter => !parameter.IsRowSparse))
                : null,
            Seed = 1,
            Validation = validation,
            ValidationInterval = isSampled ? 8 : 6,
        }).BestEpoch;
    }

    private static string Figures(RetrievalMetrics metrics) => FormattableString.Invariant($"{metrics.HitRate[10]:.0000} / {metrics.Ndcg[10]:.0000} / {metrics.HitRate[100]:.0000}");
}

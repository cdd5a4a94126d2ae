using System.Diagnostics;
using DotRec.Modeling;

namespace DotRec.Benchmarks;

/// <summary>
/// Models that need no training steps, on the leave-last-out protocol: settings chosen on validation users, then measured on the test items twice, fit on
/// the training part and fit again with the validation items.
/// </summary>
internal static class SequenceTable
{
    private const int ValidationUsers = 6000;
    private static readonly int[] Ks = [10, 100];

    public static int Print(string[] names)
    {
        var folder = DataFolder.Find(named: null);
        foreach (var name in names.Length == 0 ? SequenceData.Names : names)
        {
            var histories = SequenceData.Load(name, folder);
            var split = new LeaveLastOut(histories);
            Console.WriteLine($"{name}: {histories.Count:N0} queries, {histories.ItemCount:N0} items, {histories.Length:N0} choices, {split.Test.Count:N0} test items");
            Console.WriteLine("| model | chosen | validation NDCG@10 | train-only HR@10 / NDCG@10 / HR@100 | refit HR@10 / NDCG@10 / HR@100 | ± | fit, s | processor, s | search, s |");
            Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var search in SequenceCandidates.All(histories))
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
        var (chosen, best) = search.Choose(model =>
        {
            model.Fit(split.Train);
            return model.Evaluate(validation, Ks).ExcludingSeen.Ndcg[10];
        });
        var searched = clock.Elapsed.TotalSeconds;
        var trainOnly = chosen();
        trainOnly.Fit(split.Train);
        var first = trainOnly.Evaluate(split.Test, Ks).ExcludingSeen;
        var refit = chosen();
        clock.Restart();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        refit.Fit(split.TrainAndValidation);
        var (seconds, spent) = (clock.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds);
        var second = refit.Evaluate(split.Test, Ks).ExcludingSeen;
        var interval = 1.96 * Math.Sqrt(second.HitRate[10] * (1 - second.HitRate[10]) / second.Count);
        Console.WriteLine(FormattableString.Invariant(
            $"| {search.Name} | {search.Chosen} | {best:.0000} | {Figures(first)} | {Figures(second)} | {interval:.0000} | {seconds:0.0} | {spent:0.0} | {searched:0.0} |"));
    }

    private static string Figures(RetrievalMetrics metrics) => FormattableString.Invariant($"{metrics.HitRate[10]:.0000} / {metrics.Ndcg[10]:.0000} / {metrics.HitRate[100]:.0000}");
}

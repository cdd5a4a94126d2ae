using System.Diagnostics;
using DotRec.Kernels;
using DotRec.Modeling;

namespace DotRec.Benchmarks;

/// <summary>
/// Seconds that models by histories take to fit on made-up data of the shape of the Gowalla split of LightGCN: 29,858 users, 40,981 items, 720,000 choices of which popular
/// items have many. The library implicit 0.7 took 6.0 s for ALS of 128 factors and 15 rounds, 0.9 s for item-kNN, 8.6 s for BPR of 64 factors and 50 rounds, on two threads of another machine.
/// </summary>
internal static class HistoryFitTable
{
    private const int Users = 29_858;
    private const int Items = 40_981;
    private const int Choices = 720_000;

    public static int Print()
    {
        var histories = Made();
        Console.WriteLine($"| model | {Parallelism.MaxDegreeOfParallelism} threads, s | processor, s |");
        Console.WriteLine("| --- | ---: | ---: |");
        Row("iALS, 128 factors, 15 rounds", new IalsModel { Dimension = 128, Rounds = 15, UnobservedWeight = 0.01 }, histories);
        Row("BPR, 64 factors, 50 rounds", new BprModel(), histories);
        Row("item-kNN, 100 neighbours", new ItemKnnModel { Neighbours = 100 }, histories);
        Row("sequential rules, 10 steps", new SequentialRulesModel(), histories);
        Row("EASE, 12,000 items", new EaseModel(), histories);
        Row("linear transition, 12,000 items", new ItemTransitionModel(), histories);
        return 0;
    }

    private static void Row(string name, HistoryModel model, Histories histories)
    {
        var (clock, processor) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        model.Fit(histories);
        Console.WriteLine(FormattableString.Invariant($"| {name} | {clock.Elapsed.TotalSeconds:0.00} | {(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds:0.00} |"));
    }

    // Lengths and popularity fall as powers of the rank.
    private static Histories Made()
    {
        var random = new SeededRandom(1);
        var weights = Enumerable.Range(0, Users).Select(user => Math.Pow(user + 20, -0.6)).ToArray();
        var scale = Choices / weights.Sum();
        return Histories.Of(Items, [.. weights.Select(weight => (IReadOnlyList<int>)[.. Enumerable.Range(0, Math.Max(1, (int)Math.Round(weight * scale))).Select(
            _ => (int)(Items * Math.Pow(random.NextDouble(), 2.2)))])]);
    }
}

using System.Globalization;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Prints the processor seconds of each stage of a build, the least of some runs: <c>scann-build vectors.npy [cosine|dot|l2] [partitions]</c>.</summary>
internal static class ScannBuildTable
{
    private const int Runs = 5;

    public static int Print(string[] arguments)
    {
        using var source = EmbeddingSource.Open(arguments[0]);
        var function = FunctionOf(arguments.ElementAtOrDefault(1));
        int? partitions = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : null;
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = partitions };
        var min = new SortedDictionary<ScannStage, double>();
        var total = double.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var clock = new StageClock();
            ScannIndex.Build(source, null, function, options, progress: clock).Dispose();
            var seconds = clock.Finish();
            total = Math.Min(total, seconds.Values.Sum());
            foreach (var (stage, value) in seconds)
            {
                min[stage] = Math.Min(min.GetValueOrDefault(stage, double.MaxValue), value);
            }
        }

        Console.WriteLine($"{source.Count} x {source.Dimension}, {function}, {options.PartitionCount ?? ScannOptions.SuggestedPartitionCount(source.Count)} partitions, {Parallelism.MaxDegreeOfParallelism} threads, {KernelSelection.Current}, least of {Runs} runs");
        Console.WriteLine("| stage | processor seconds |");
        Console.WriteLine("|---|---:|");
        foreach (var (stage, seconds) in min)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {stage} | {seconds:f3} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| all | {total:f3} |"));
        return 0;
    }

    /// <summary>The score function of a name; cosine unless named.</summary>
    internal static ScoreFunction FunctionOf(string? name) => name switch
    {
        "dot" => ScoreFunction.Dot,
        "l2" => ScoreFunction.NegatedSquaredL2,
        _ => ScoreFunction.Cosine,
    };
}

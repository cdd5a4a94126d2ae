using System.Diagnostics;
using System.Globalization;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Prints the seconds of each stage of a build, the shortest of some runs: <c>scann-build vectors.npy [cosine|dot|l2] [partitions]</c>.</summary>
internal static class ScannBuildTable
{
    private const int Runs = 5;

    public static int Print(string[] arguments)
    {
        using var source = EmbeddingSource.Open(arguments[0]);
        var function = arguments.ElementAtOrDefault(1) switch
        {
            "dot" => ScoreFunction.Dot,
            "l2" => ScoreFunction.NegatedSquaredL2,
            _ => ScoreFunction.Cosine,
        };
        int? partitions = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : null;
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = partitions };
        var shortest = new SortedDictionary<ScannStage, double>();
        var total = double.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var clock = new StageClock();
            var start = Stopwatch.GetTimestamp();
            ScannBuilder.Build(source, function, options, progress: clock);
            total = Math.Min(total, Stopwatch.GetElapsedTime(start).TotalSeconds);
            foreach (var (stage, seconds) in clock.Finish())
            {
                shortest[stage] = Math.Min(shortest.GetValueOrDefault(stage, double.MaxValue), seconds);
            }
        }

        Console.WriteLine($"{source.Count} x {source.Dimension}, {function}, {options.PartitionCount ?? ScannOptions.SuggestedPartitionCount(source.Count)} partitions, {Parallelism.Threads} threads, {KernelSelection.Current}, shortest of {Runs} runs");
        Console.WriteLine("| stage | seconds |");
        Console.WriteLine("|---|---:|");
        foreach (var (stage, seconds) in shortest)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {stage} | {seconds:f3} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| all | {total:f3} |"));
        return 0;
    }

    /// <summary>Time between the first report of a stage and the first of the next.</summary>
    private sealed class StageClock : IProgress<ScannProgress>
    {
        private readonly Dictionary<ScannStage, double> _seconds = [];
        private ScannStage _stage;
        private long _start;

        public void Report(ScannProgress value)
        {
            if (_start == 0 || value.Stage != _stage)
            {
                Finish();
                _stage = value.Stage;
                _start = Stopwatch.GetTimestamp();
            }
        }

        public Dictionary<ScannStage, double> Finish()
        {
            if (_start != 0)
            {
                _seconds[_stage] = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            }

            return _seconds;
        }
    }
}

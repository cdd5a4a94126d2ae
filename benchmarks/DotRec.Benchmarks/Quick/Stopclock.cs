using System.Diagnostics;

namespace DotRec.Benchmarks;

/// <summary>Times that other work on the machine can only lengthen: the shortest of many runs.</summary>
internal static class Stopclock
{
    // The runtime replaces a method's first code after 30 calls and a tenth of a second, in the background.
    private const double WarmUpSeconds = 0.3;

    /// <summary>Shortest wall seconds of one run, over at least <paramref name="seconds"/> of runs and 10 of them, after a warm-up.</summary>
    public static double Shortest(Action run, double seconds = 0.15) => Measure(run, seconds, 20e-6, WallSeconds);

    /// <summary>As <see cref="Shortest"/>, in processor time of this thread, for work that stays on it. Batches of a millisecond: the system counts coarsely.</summary>
    public static double ShortestOnOneThread(Action run, double seconds = 0.15) => Measure(run, seconds, 1e-3, ThreadClock.Seconds);

    /// <summary>Runs until the code is the runtime's best.</summary>
    public static void WarmUp(Action run)
    {
        for (var start = WallSeconds(); WallSeconds() - start < WarmUpSeconds;)
        {
            run();
        }
    }

    private static double WallSeconds() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private static double Measure(Action run, double seconds, double batchSeconds, Func<double> clock)
    {
        WarmUp(run);
        var once = clock();
        run();
        var batch = (int)Math.Clamp(batchSeconds / Math.Max(clock() - once, 1e-7), 1, 10_000);
        var shortest = double.MaxValue;
        var begin = WallSeconds();
        for (var i = 0; i < 10 || WallSeconds() - begin < seconds; i++)
        {
            var start = clock();
            for (var j = 0; j < batch; j++)
            {
                run();
            }

            shortest = Math.Min(shortest, (clock() - start) / batch);
        }

        return shortest;
    }
}

using System.Diagnostics;

namespace DotRec.Benchmarks;

/// <summary>Times that other work on the machine can only lengthen: the shortest of many runs.</summary>
internal static class Stopclock
{
    /// <summary>Shortest seconds of one run, over at least <paramref name="seconds"/> of runs and 10 of them, after a warm-up of a third of that.</summary>
    public static double Shortest(Action run, double seconds = 0.15)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / 3;)
        {
            run();
        }

        // Runs of a few microseconds are timed in batches, or the clock's own steps would show.
        var once = Stopwatch.GetTimestamp();
        run();
        var batch = (int)Math.Clamp(20e-6 / Math.Max(Stopwatch.GetElapsedTime(once).TotalSeconds, 1e-9), 1, 1000);
        var shortest = double.MaxValue;
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10 || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var j = 0; j < batch; j++)
            {
                run();
            }

            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(start).TotalSeconds / batch);
        }

        return shortest;
    }
}

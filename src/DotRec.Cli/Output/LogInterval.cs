namespace DotRec.Cli;

/// <summary>When a log gets another line of work that takes long: every ten seconds at first, later at longer and longer intervals, so that hours do not fill it.</summary>
internal sealed class LogInterval(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    // Each interval is at least this share of the time that passed.
    private const double Growth = 0.1;

    private readonly long _start = time.GetTimestamp();
    private long _last = time.GetTimestamp();

    /// <summary>True when it is time for a line; the next interval begins then.</summary>
    public bool IsOver()
    {
        var interval = time.GetElapsedTime(_start) * Growth;
        if (time.GetElapsedTime(_last) < (interval > First ? interval : First))
        {
            return false;
        }

        Restart();
        return true;
    }

    /// <summary>Begins an interval: another line was written.</summary>
    public void Restart() => _last = time.GetTimestamp();

    /// <summary>The line.</summary>
    public static string Line(string what, long done, double total) => FormattableString.Invariant($"{what}: {done:N0} of {total:N0}, {done / Math.Max(total, 1):P0}");
}

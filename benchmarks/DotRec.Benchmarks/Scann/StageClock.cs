using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>Processor time of this process from the first report of each stage of a build to the first of the next, and the rounds of k-means.</summary>
internal sealed class StageClock : IProgress<ScannProgress>
{
    private readonly Dictionary<ScannStage, double> _seconds = [];
    private ScannStage? _stage;
    private double _start;

    /// <summary>Rounds of k-means: each reports how far the stage is, which is above 0.</summary>
    public int Rounds { get; private set; }

    public void Report(ScannProgress value)
    {
        Rounds += value is { Stage: ScannStage.Partitioning, Fraction: > 0 } ? 1 : 0;
        if (value.Stage != _stage)
        {
            Finish();
            _stage = value.Stage;
            _start = Now();
        }
    }

    /// <summary>Processor seconds by stage; the last stage ends now.</summary>
    public Dictionary<ScannStage, double> Finish()
    {
        if (_stage is { } stage)
        {
            _seconds[stage] = Now() - _start;
        }

        return _seconds;
    }

    private static double Now() => Environment.CpuUsage.TotalTime.TotalSeconds;
}

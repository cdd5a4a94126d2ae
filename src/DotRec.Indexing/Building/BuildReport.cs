using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Tells the caller how far a build is, and the build whether it is still wanted.</summary>
internal sealed class BuildReport(IProgress<ScannProgress>? progress, CancellationToken cancellationToken)
{
    // Between two looks at the token: some tens of milliseconds of work.
    private const int PartsPerLook = 64;

    private ScannStage _stage;

    public CancellationToken Cancellation => cancellationToken;

    /// <summary>Starts a stage.</summary>
    public void Begin(ScannStage stage)
    {
        _stage = stage;
        Advance(0);
    }

    /// <summary>Tells how much of the stage is done, 0 to 1.</summary>
    /// <exception cref="OperationCanceledException">The build is not wanted any more.</exception>
    public void Advance(double fraction)
    {
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report(new ScannProgress(_stage, fraction));
    }

    /// <summary>Runs parts in parallel as the whole of a stage, looking at the token now and then.</summary>
    public void ForParts(int parts, Action<int> body)
    {
        for (var first = 0; first < parts; first += PartsPerLook)
        {
            var start = first;
            Parallelism.For(Math.Min(PartsPerLook, parts - first), part => body(start + part));
            Advance(Math.Min(1, (first + PartsPerLook) / (double)parts));
        }
    }
}

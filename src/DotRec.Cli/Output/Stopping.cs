using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>What Ctrl+C does to a training, in words.</summary>
internal sealed class Stopping : IDisposable
{
    private readonly CancellationToken _interruption;
    private readonly CancellationTokenRegistration _announcement;
    private volatile bool _hasEpoch;

    /// <summary>Answers the first Ctrl+C, which takes effect at the next step.</summary>
    public Stopping(CancellationToken interruption)
    {
        _interruption = interruption;
        _announcement = interruption.Register(() => Terminal.Say(_hasEpoch
            ? "stopping: the last epoch or model that was finished is kept, measured and saved. Ctrl+C again ends at once."
            : "stopping: no epoch is finished yet, so there is nothing to save. Ctrl+C again ends at once."));
    }

    /// <summary>Trains; the work is told of the interruption by its own options.</summary>
    /// <exception cref="StoppedException">It was interrupted before there was anything to keep.</exception>
    public async Task<T> RunAsync<T>(Func<IProgress<PipelineProgress>, Task<T>> work)
    {
        try
        {
            return await WorkProgress.RunAsync("training", progress => work(new Watch(this, progress)));
        }
        catch (OperationCanceledException) when (_interruption.IsCancellationRequested)
        {
            throw new StoppedException("cancelled before an epoch was finished: nothing was saved.");
        }
    }

    /// <summary>Ends the command after everything is saved, if Ctrl+C was heard.</summary>
    /// <exception cref="StoppedException">It was.</exception>
    public void ThrowIfHeard(FitResult? fit, string bundle)
    {
        if (_interruption.IsCancellationRequested)
        {
            throw new StoppedException(fit switch
            {
                { WasStopped: true } => $"stopped in epoch {fit.Epochs.Count + 1}; {bundle} holds the model of epoch {fit.BestEpoch}.",
                null => $"stopped; {bundle} holds the best model of those that were tried.",
                _ => $"stopped after the training; {bundle} is complete.",
            });
        }
    }

    public void Dispose() => _announcement.Dispose();

    private sealed class Watch(Stopping stopping, IProgress<PipelineProgress> progress) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value)
        {
            // A checkpoint may have brought epochs of an earlier run.
            stopping._hasEpoch |= value.HasModel || (value.Fit is { } fit && (fit.CompletedEpoch is not null || fit.Epoch > 1));
            progress.Report(value);
        }
    }
}

using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>What Ctrl+C does to a training, in words.</summary>
internal static class Stopping
{
    /// <summary>Answers the first Ctrl+C, which takes effect at the next step.</summary>
    public static IDisposable Announce(CancellationToken interruption) => interruption.Register(
        () => Terminal.Say("stopping: the last epoch that was finished is kept, measured and saved. Ctrl+C again ends at once."));

    /// <summary>Ends the command after everything is saved, if Ctrl+C was heard.</summary>
    /// <exception cref="StoppedException">It was.</exception>
    public static void ThrowIfHeard(FitResult fit, string bundle, CancellationToken interruption)
    {
        if (interruption.IsCancellationRequested)
        {
            throw new StoppedException(fit.WasStopped
                ? $"stopped in epoch {fit.Epochs.Count + 1}; {bundle} holds the model of epoch {fit.BestEpoch}."
                : $"stopped after the training; {bundle} is complete.");
        }
    }
}

using System.Runtime.InteropServices;

namespace DotRec.Cli;

/// <summary>
/// Ctrl+C, the signal that asks a process to end, and the one that says that its terminal is gone. The first asks the work to end, which may keep what it has; the second ends the tool at once, as does the end of the time that the work is given.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _grace;
    private readonly PosixSignalRegistration[] _signals;
    private int _heard;

    /// <param name="grace">How long work may take to end; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it needs.</param>
    public Interruption(TimeSpan grace)
    {
        _grace = grace;
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Hear))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Completes when the tool has to end, whatever its work does.</summary>
    public Task End => _end.Task;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }

    private void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _heard) > 1)
        {
            _end.TrySetResult();
            return;
        }

        // Not on the thread of signals: what listens may take its time, and the second signal must be heard.
        _ = Task.Run(_source.Cancel);
        if (_grace != Timeout.InfiniteTimeSpan)
        {
            _ = Task.Delay(_grace).ContinueWith(_ => _end.TrySetResult(), TaskScheduler.Default);
        }
    }
}

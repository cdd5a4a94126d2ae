namespace DotRec.Kernels.Tests;

/// <summary>Sets the thread count for a while. Tests that run beside it may see it: no result depends on it.</summary>
internal sealed class ThreadCount : IDisposable
{
    private readonly int _before = Parallelism.Threads;

    public ThreadCount(int threads) => Parallelism.Threads = threads;

    public void Dispose() => Parallelism.Threads = _before;
}

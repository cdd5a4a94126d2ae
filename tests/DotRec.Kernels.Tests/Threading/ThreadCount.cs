namespace DotRec.Kernels.Tests;

/// <summary>Sets the thread count for a while. Tests that run beside it may see it: no result depends on it.</summary>
internal sealed class ThreadCount : IDisposable
{
    private readonly int _before = Parallelism.MaxDegreeOfParallelism;

    public ThreadCount(int threads) => Parallelism.MaxDegreeOfParallelism = threads;

    public void Dispose() => Parallelism.MaxDegreeOfParallelism = _before;
}

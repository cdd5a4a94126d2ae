namespace DotRec.Kernels.Tests;

/// <summary>The public limit. Alone in the process: tests beside it would change it.</summary>
[Collection(nameof(MaxDegreeOfParallelismTests))]
[CollectionDefinition(nameof(MaxDegreeOfParallelismTests), DisableParallelization = true)]
public sealed class MaxDegreeOfParallelismTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Is_how_many_threads_a_loop_takes_at_most(int limit)
    {
        using var count = new ThreadCount(limit);
        var (running, most) = (0, 0);
        Parallelism.For(64, _ =>
        {
            var now = Interlocked.Increment(ref running);
            for (var before = Volatile.Read(ref most); now > before; before = Volatile.Read(ref most))
            {
                Interlocked.CompareExchange(ref most, now, before);
            }

            Thread.SpinWait(100_000);
            Interlocked.Decrement(ref running);
        });
        Assert.InRange(most, 1, limit);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Is_at_least_one(int limit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Parallelism.MaxDegreeOfParallelism = limit);
}

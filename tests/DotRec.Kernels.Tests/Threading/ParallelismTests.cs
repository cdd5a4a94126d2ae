namespace DotRec.Kernels.Tests;

public sealed class ParallelismTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Runs_every_part_exactly_once(int parts)
    {
        var runs = new int[parts];
        Parallelism.For(parts, part => Interlocked.Increment(ref runs[part]));
        Assert.All(runs, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Ranges_cover_the_length_without_overlap()
    {
        var runs = new int[103];
        Parallelism.ForRanges(103, 10, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                Interlocked.Increment(ref runs[i]);
            }
        });
        Assert.All(runs, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Loops_nest()
    {
        var sum = 0;
        Parallelism.For(8, _ => Parallelism.For(8, _ => Parallelism.For(8, _ => Interlocked.Increment(ref sum))));
        Assert.Equal(512, sum);
    }

    [Fact]
    public void Rethrows_what_a_part_threw_and_stays_usable()
    {
        for (var round = 0; round < 20; round++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => Parallelism.For(64, part =>
            {
                if (part == 17)
                {
                    throw new InvalidOperationException("part 17");
                }
            }));
            Assert.Equal("part 17", thrown.Message);
        }

        var count = 0;
        Parallelism.For(10, _ => Interlocked.Increment(ref count));
        Assert.Equal(10, count);
    }

    [Fact]
    public void Many_callers_at_once_each_get_their_own_loop()
    {
        Parallel.For(0, 200, caller =>
        {
            var sum = 0;
            Parallelism.For(16, part => Interlocked.Add(ref sum, part + caller));
            Assert.Equal(120 + (16 * caller), sum);
        });
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("two")]
    public void Refuses_a_thread_count_that_is_not_one(string text)
    {
        var error = Assert.Throws<EnvironmentVariableException>(() => Parallelism.Choose(text));
        Assert.Contains($"DOTREC_THREADS is '{text}'", error.Message, StringComparison.Ordinal);
    }
}

using CsCheck;

namespace DotRec.Data.Tests;

public class BatchLoaderTests
{
    private static readonly Gen<BatchOptions> Options =
        from size in Gen.Int[1, 40]
        from shuffle in Gen.Bool
        from seed in Gen.ULong
        from drop in Gen.Bool
        from prefetch in Gen.Int[0, 3]
        select new BatchOptions { BatchSize = size, Shuffle = shuffle, Seed = seed, DropRemainder = drop, Prefetch = prefetch };

    [Fact]
    public void An_epoch_holds_every_row_once_in_batches_of_the_asked_size() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 5], Options).Sample((rows, epoch, options) =>
        {
            var batches = BatchLoader.Rows(rows, options).Epoch(epoch, TestContext.Current.CancellationToken).Select(batch => batch.ToArray()).ToArray();

            Assert.Equal(BatchLoader.Rows(rows, options).BatchCount, batches.Length);
            Assert.All(batches.SkipLast(1), batch => Assert.Equal(options.BatchSize, batch.Length));
            var kept = options.DropRemainder ? rows - (rows % options.BatchSize) : rows;
            Assert.Equal(kept, batches.SelectMany(batch => batch).Distinct().Count());
            Assert.Equal(kept, batches.Sum(batch => batch.Length));
            if (!options.Shuffle)
            {
                Assert.Equal(Enumerable.Range(0, kept), batches.SelectMany(batch => batch));
            }
        });

    [Fact]
    public void Prefetching_changes_nothing_but_the_thread() =>
        Gen.Select(Gen.Int[0, 100], Options).Sample((rows, options) =>
        {
            var data = FeatureBatch.From(Enumerable.Range(0, rows).Select(row => new { row }));
            var (asked, ahead) = (BatchLoader.Over(data, options with { Prefetch = 0 }), BatchLoader.Over(data, options with { Prefetch = 2 }));
            Assert.Equal(asked.Epoch(1, TestContext.Current.CancellationToken).Select(Rows), ahead.Epoch(1, TestContext.Current.CancellationToken).Select(Rows));
        });

    [Fact]
    public void Every_epoch_has_an_order_of_its_own_whatever_was_read_before()
    {
        var options = new BatchOptions { BatchSize = 1000, Seed = 5 };
        var loader = BatchLoader.Rows(1000, options);
        int[] Epoch(int epoch) => loader.Epoch(epoch, TestContext.Current.CancellationToken).Single().ToArray();

        Assert.NotEqual(Epoch(0), Epoch(1));
        Assert.Equal(Epoch(3), BatchLoader.Rows(1000, options).Epoch(3, TestContext.Current.CancellationToken).Single().ToArray());
        Assert.NotEqual(Epoch(0), BatchLoader.Rows(1000, options with { Seed = 6 }).Epoch(0, TestContext.Current.CancellationToken).Single().ToArray());
    }

    [Fact]
    public void Row_batches_allocate_one_array_an_epoch()
    {
        var loader = BatchLoader.Rows(100_000, new BatchOptions { BatchSize = 100 });
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var _ in loader.Epoch(0, TestContext.Current.CancellationToken))
            {
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();
        Assert.InRange(Allocated(), 400_000, 402_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void What_loading_throws_reaches_the_consumer_after_the_batches_before_it(int prefetch)
    {
        var loader = new BatchLoader<int>(
            10, rows => rows.Span[0] == 3 ? throw new InvalidDataException("row 3") : rows.Span[0], new BatchOptions { BatchSize = 1, Shuffle = false, Prefetch = prefetch });
        var seen = new List<int>();

        var error = Assert.Throws<InvalidDataException>(() => seen.AddRange(loader.Epoch(0, TestContext.Current.CancellationToken)));

        Assert.Equal("row 3", error.Message);
        Assert.Equal([0, 1, 2], seen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Cancelling_ends_the_enumeration_with_its_exception(int prefetch)
    {
        using var cancel = new CancellationTokenSource();
        var loader = new BatchLoader<int>(1000, rows => rows.Span[0], new BatchOptions { BatchSize = 1, Shuffle = false, Prefetch = prefetch });
        var seen = 0;

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in loader.Epoch(0, cancel.Token))
            {
                if (++seen == 5)
                {
                    cancel.Cancel();
                }
            }
        });
        Assert.Equal(5, seen);
    }

    [Fact]
    public void Prefetching_runs_no_further_ahead_than_asked_and_stops_when_the_consumer_leaves()
    {
        var loaded = 0;
        var loader = new BatchLoader<int>(1000, _ => Interlocked.Increment(ref loaded), new BatchOptions { BatchSize = 1, Prefetch = 3 });

        foreach (var _ in loader.Epoch(0, TestContext.Current.CancellationToken))
        {
            break;
        }

        // One taken, three waiting, one in the producer's hand. Leaving joins the producer: the count is final.
        Assert.InRange(Volatile.Read(ref loaded), 1, 5);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchLoader.Rows(1, new BatchOptions { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader<int>(1, _ => 0, new BatchOptions { Prefetch = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchLoader.Rows(-1, new BatchOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchLoader.Rows(1, new BatchOptions()).Epoch(-1, TestContext.Current.CancellationToken));
    }

    private static string Rows(FeatureBatch batch) => string.Join(' ', batch.Get<long>("row").Values.ToArray());
}

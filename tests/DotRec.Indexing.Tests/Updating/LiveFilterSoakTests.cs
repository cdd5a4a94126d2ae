using System.Diagnostics;
using System.Globalization;
using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>
/// Four readers with filters of their own and common ones, and one writer with rebuilds. Runs for a second and a half; the environment variable
/// DOTREC_SOAK_SECONDS makes it longer.
/// </summary>
public sealed class LiveFilterSoakTests
{
    private const int Dimension = 8;
    private const int Count = 3000;

    private readonly float[] _vectors = Corpus.Clustered(95, 5000, Dimension);

    [Theory]
    [InlineData(ScoreFunction.Dot, true)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false)]
    public async Task Searches_under_filters_find_what_their_view_has_and_their_filter_allows(ScoreFunction function, bool soar)
    {
        var seconds = double.TryParse(Environment.GetEnvironmentVariable("DOTREC_SOAK_SECONDS"), CultureInfo.InvariantCulture, out var given) ? given : 1.5;
        var options = new ScannOptions { Tier = ScannTier.Tree, Soar = soar };
        using var live = new LiveIndex(
            ScannIndex.Build(_vectors.AsSpan(0, Count * Dimension), Dimension, null, function, options, cancellationToken: TestContext.Current.CancellationToken),
            options, rebuildAfter: 800);
        ItemFilter[] common =
        [
            ItemFilter.Where(Count, row => row % 2 == 0), ItemFilter.Block(Count, [.. Enumerable.Range(0, 500)]), ItemFilter.Where(Count, row => row % 50 == 3),
            ItemFilter.Where(Count, row => row % 3 == 0).Not().And(ItemFilter.Block(Count, [7])),
        ];
        var clock = Stopwatch.StartNew();
        using var start = new Barrier(5);
        var (searches, rebuilds, rebuilding) = (0L, 0, live.Rebuilding);
        var writer = Run(() =>
        {
            var random = new SeededRandom(1);
            while (clock.Elapsed.TotalSeconds < seconds || rebuilds == 0)
            {
                var ids = Enumerable.Range(0, 1 + random.NextInt(20)).Select(_ => (long)random.NextInt(2 * Count)).Distinct().ToArray();
                if (random.NextInt(3) == 0)
                {
                    live.Delete(ids);
                }
                else
                {
                    live.Upsert(ids, _vectors.AsSpan(random.NextInt(4000) * Dimension, ids.Length * Dimension));
                }

                rebuilds += ReferenceEquals(rebuilding, live.Rebuilding) ? 0 : 1;
                rebuilding = live.Rebuilding;
            }
        });
        var readers = Enumerable.Range(0, 4).Select(reader => Run(() =>
        {
            var random = new SeededRandom(2).Stream((ulong)reader);
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var view = live.Current;
                var filter = random.NextInt(3) > 0 ? common[random.NextInt(common.Length)] : Fresh(random, view.Count);
                Read(view, filter, random);
                Interlocked.Increment(ref searches);
            }
        })).ToArray();
        await Task.WhenAll([writer, .. readers]);
        await live.Rebuilding;
        TestContext.Current.SendDiagnosticMessage("{0} searches, {1} rebuilds", searches, rebuilds);
        Assert.InRange(searches, 100, long.MaxValue);
        Assert.InRange(rebuilds, 1, int.MaxValue);

        Task Run(Action body) => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                body();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private static ItemFilter Fresh(SeededRandom random, int rows)
    {
        var bits = new ulong[(rows + 63) / 64];
        foreach (ref var word in bits.AsSpan())
        {
            word = random.NextBits() & random.NextBits();
        }

        var filter = ItemFilter.FromBits(rows, bits);
        return random.NextInt(2) == 0 ? filter : filter.Not();
    }

    private void Read(IItemIndex view, ItemFilter filter, SeededRandom random)
    {
        var (first, k) = (random.NextInt(4990), 1 + random.NextInt(30));
        int[] excluded = [random.NextInt(view.Count), random.NextInt(view.Count)];
        var found = view.Search(_vectors.AsSpan(first * Dimension, Dimension), k, filter, excluded);
        var batch = view.SearchBatch(_vectors.AsSpan(first * Dimension, 6 * Dimension), k, filter, [excluded, [], excluded, [], [], []]);
        Assert.Equal(found, batch[0]);
        foreach (var list in batch)
        {
            // A row of an item that is gone has no id, and this would throw.
            Assert.All(list, candidate => Assert.Equal(candidate.Row, view.Ids.RowOf(view.Ids.GetInt64(candidate.Row))));
            Assert.All(list, candidate => Assert.True(filter.Allows(candidate.Row)));
            Assert.Equal(list.Length, list.Select(candidate => candidate.Row).Distinct().Count());
        }

        Assert.DoesNotContain(found, candidate => excluded.Contains(candidate.Row));
        if (random.NextInt(10) == 0)
        {
            var changes = ((LiveSnapshot)view).Changes;
            var allowed = Enumerable.Range(0, view.Count).Count(row => changes.Positions[row] >= 0 && filter.Allows(row) && !excluded.Contains(row));
            Assert.Equal(Math.Min(k, allowed), found.Length);
            Assert.Equal(allowed, view.Search(_vectors.AsSpan(first * Dimension, Dimension), view.Count, filter, excluded).Length);
        }
    }
}

using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>Sizes and moments at which changes are known to go wrong.</summary>
public sealed class LiveChangesTests
{
    private const int Dimension = 8;

    private readonly float[] _items = Corpus.Clustered(91, 6000, Dimension);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    public async Task An_index_that_begins_with_none_or_few_items_grows_and_ends_with_none_again(int count)
    {
        using var live = Make(_items.AsSpan(0, count * Dimension), ScoreFunction.NegatedSquaredL2);
        for (var row = count; row < 700; row++)
        {
            live.Upsert((long)row, Item(row));
        }

        live.Upsert([.. Enumerable.Range(700, 2300).Select(id => (long)id)], _items.AsSpan(700 * Dimension, 2300 * Dimension));
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal((3000, 3000), (live.Count, live.Current.Count));
            Assert.Equal(3000, live.Current.Search(Item(7), 3000).Select(candidate => candidate.Row).Distinct().Count());
            AssertFound(live, Enumerable.Range(0, 300).Select(i => i * 10));
            await live.RebuildAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(3000, live.Delete([.. Enumerable.Range(0, 3000).Select(id => (long)id)]));
        Assert.Empty(live.Current.Search(Item(7), 10));
        Assert.Empty(live.Current.Search(Item(7), 10, ItemFilter.Block(0, [])));
        await live.RebuildAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 3000), (live.Count, live.Current.Count));
        Assert.Empty(live.Current.Search(Item(7), 10));
        Assert.Empty(live.Current.SearchBatch(Item(7), 10, ItemFilter.Block(0, []))[0]);
        live.Upsert(5L, Item(5));
        Assert.Equal((1, 3001, 3000), (live.Count, live.Current.Count, live.Current.Ids.RowOf(5L)));
        Assert.Equal(new Candidate(3000, 0), Assert.Single(live.Current.Search(Item(5), 10)));
    }

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public void An_extent_grows_and_longer_items_begin_others(ScoreFunction function)
    {
        using var live = Make(_items.AsSpan(0, 3000 * Dimension), function);

        // Around one item, so in a few partitions, and every tenth farther and farther out.
        var random = new SeededRandom(6);
        var values = Enumerable.Range(0, 3000)
            .SelectMany(i => Item(17).Select(value => (value * (i % 10 == 9 ? 1 + (i / 300f) : 1)) + (float)(0.4 * random.NextNormal())).ToArray()).ToArray();
        live.Upsert([.. Enumerable.Range(3000, 3000).Select(id => (long)id)], values);
        var changes = ((LiveSnapshot)live.Current).Changes;
        Assert.Equal(3000, changes.CodedCount);
        Assert.InRange(Enumerable.Range(0, changes.Items.Index.PartitionCount).Max(partition => Extents(changes, partition)), 2, 10);
        var view = live.Current;
        Assert.Equal(6000, view.Search(Item(17), 6000).Length);
        using var exact = BruteForceIndex.Build([.. _items.AsSpan(0, 3000 * Dimension), .. values], Dimension, null, function);
        var found = 0;
        for (var query = 0; query < 60; query++)
        {
            var vector = values.AsSpan(query * 50 * Dimension, Dimension);
            var worst = exact.Search(vector, 10)[^1].Score;
            found += view.Search(vector, 10).Count(candidate => candidate.Score >= worst);
        }

        // Nearly all of these are nearer to one another than the codes of this index can tell where distances count.
        Assert.InRange(found, function == ScoreFunction.Dot ? 570 : 60, 600);
    }

    [Fact]
    public async Task An_index_is_built_of_what_is_there_however_far_out_it_lies_and_however_near_again()
    {
        using var live = Make(_items.AsSpan(0, 3000 * Dimension), ScoreFunction.NegatedSquaredL2);
        var far = Enumerable.Range(0, 400).SelectMany(i => Item(i).Select(value => value * (5 + (i / 20f))).ToArray()).ToArray();
        live.Upsert([.. Enumerable.Range(3000, 400).Select(id => (long)id)], far);
        var narrow = Width();
        await live.RebuildAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(narrow, Width());
        Assert.InRange(
            Enumerable.Range(0, 400).Count(i => live.Current.Search(far.AsSpan(i * Dimension, Dimension), 1)[0] == new Candidate(3000 + i, 0)), 380, 400);
        Assert.Equal(3400, live.Current.Search(far.AsSpan(0, Dimension), 3400).Length);
        Assert.Equal(400, live.Delete([.. Enumerable.Range(3000, 400).Select(id => (long)id)]));
        await live.RebuildAsync(TestContext.Current.CancellationToken);
        Assert.Equal(narrow, Width());
        AssertFound(live, Enumerable.Range(0, 300).Select(i => i * 10));

        // Spread the wider, the more squared lengths vary.
        int Width() => ((LiveSnapshot)live.Current).Changes.Items.Index.Snapshot.Form.Dimension;
    }

    [Fact]
    public void As_many_are_returned_as_were_asked_for_where_most_items_were_added()
    {
        // Built for a k that is greater than the number of items at first.
        var options = new ScannOptions { PartitionsToSearch = 100, K = 1000 };
        using var live = new LiveIndex(
            ScannIndex.Build(_items.AsSpan(0, 300 * Dimension), Dimension, options: options, cancellationToken: TestContext.Current.CancellationToken),
            rebuildAfter: int.MaxValue);
        live.Upsert([.. Enumerable.Range(300, 3000).Select(id => (long)id)], _items.AsSpan(300 * Dimension, 3000 * Dimension));
        Assert.Equal(1000, live.Current.Search(Item(1), 1000).Length);
        Assert.Equal(1000, live.Current.SearchBatch(Item(1), 1000)[0].Length);
    }

    [Theory]
    [InlineData(ScoreFunction.Dot, false)]
    [InlineData(ScoreFunction.NegatedSquaredL2, true)]
    public void A_view_answers_as_it_did_whatever_is_written_behind_its_last_entries(ScoreFunction function, bool soar)
    {
        using var live = Make(_items.AsSpan(0, 2000 * Dimension), function, soar);
        live.Upsert([.. Enumerable.Range(2000, 1037).Select(id => (long)id)], _items.AsSpan(2000 * Dimension, 1037 * Dimension));
        live.Delete([.. Enumerable.Range(0, 300).Select(id => 9L * id)]);
        var (view, queries) = (live.Current, _items[(5500 * Dimension)..(5540 * Dimension)]);
        ItemFilter[] filters = [ItemFilter.Where(3037, row => row % 3 == 1), ItemFilter.Block(2000, [4, 8])];
        var before = Answers();
        var random = new SeededRandom(8);
        for (var i = 0; i < 1000; i++)
        {
            var id = (long)random.NextInt(6000);
            live.Upsert(id, Item(random.NextInt(6000)));
            live.Delete((long)random.NextInt(6000));
            if (i % 100 == 99)
            {
                live.Upsert(
                    [.. Enumerable.Range(0, 130).Select(_ => (long)random.NextInt(6000)).Distinct().Take(100)], _items.AsSpan(i * Dimension, 100 * Dimension));
            }
        }

        Assert.NotEqual(before, Answers(live.Current));
        Assert.Equal(before, Answers());

        List<Candidate[]> Answers(IItemIndex? other = null)
        {
            var index = other ?? view;
            var answers = new List<Candidate[]>(index.SearchBatch(queries, 10));
            foreach (var filter in filters)
            {
                answers.AddRange(index.SearchBatch(queries, 25, filter));
                answers.Add(index.Search(queries.AsSpan(0, Dimension), 3037, filter, [2500, 2501, 1]));
            }

            return answers;
        }
    }

    [Fact]
    public async Task What_is_written_while_an_index_is_built_is_in_it_afterwards()
    {
        using var live = Make(_items.AsSpan(0, 2000 * Dimension), ScoreFunction.NegatedSquaredL2);
        var (random, expected) = (new SeededRandom(12), Enumerable.Range(0, 2000).ToDictionary(id => (long)id, id => id));
        var next = 2000L;
        for (var round = 0; round < 4; round++)
        {
            var rebuilding = live.RebuildAsync(TestContext.Current.CancellationToken);
            var same = live.Rebuilding;
            using var tired = new CancellationTokenSource();
            await tired.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => live.RebuildAsync(tired.Token));
            var still = live.Rebuilding;

            // On a busy machine the rebuild may be over by now.
            if (!rebuilding.IsCompleted)
            {
                Assert.Same(same, still);
            }

            while (!rebuilding.IsCompleted)
            {
                var (id, row) = (random.NextInt(3) == 0 ? next++ : random.NextInt((int)next), random.NextInt(6000));
                live.Upsert(id, Item(row));
                expected[id] = row;
                var gone = (long)random.NextInt((int)next);
                Assert.Equal(expected.Remove(gone) ? 1 : 0, live.Delete(gone));
            }

            await rebuilding;
            Assert.Equal(expected.Count, live.Count);
            var (view, copy) = (live.Current, new float[Dimension]);
            for (var id = 0L; id < next; id++)
            {
                Assert.Equal(expected.ContainsKey(id), view.Ids.RowOf(id) >= 0);
                if (expected.TryGetValue(id, out var row))
                {
                    view.CopyEmbedding(view.Ids.RowOf(id), copy);
                    Assert.Equal(Item(row), copy);
                }
            }
        }
    }

    [Fact]
    public async Task A_disposed_live_index_says_that_it_was_it()
    {
        var live = Make(_items.AsSpan(0, 500 * Dimension), ScoreFunction.Dot);
        var before = live.Current;
        await live.RebuildAsync(TestContext.Current.CancellationToken);
        live.Upsert(9L, Item(1));
        var view = live.Current;
        live.Dispose();
        live.Dispose();
        foreach (var action in new Action[]
        {
            () => live.Upsert(3L, Item(3)),
            () => live.Delete(3L),
            () => _ = live.RebuildAsync(TestContext.Current.CancellationToken),
            () => live.Current.Search(Item(3), 5),
            () => view.Search(Item(3), 5),
            () => view.SearchBatch(Item(3), 5),
            () => view.CopyEmbedding(3, new float[Dimension]),
            () => before.Search(Item(3), 5),
            () => view.Save(Path.GetTempFileName()),
        })
        {
            var error = Assert.Throws<ObjectDisposedException>(action);
            Assert.Contains("LiveIndex", error.ObjectName, StringComparison.Ordinal);
        }
    }

    private static int Extents(LiveChanges changes, int partition)
    {
        var count = 0;
        for (var extent = changes.Codes.Extents(partition); extent is not null; extent = extent.Farther)
        {
            Assert.True(extent.Farther is null || extent.Farther.Unit > extent.Unit);
            count++;
        }

        return count;
    }

    private void AssertFound(LiveIndex live, IEnumerable<int> rows)
    {
        var missed = rows.Count(row => live.Current.Search(Item(row), 1) is not [{ Score: 0 } found] || found.Row != row);
        Assert.InRange(missed, 0, 6);
        Assert.All(rows, row => Assert.Equal(new Candidate(row, 0), Assert.Single(live.Current.Search(Item(row), 5, ItemFilter.Allow(3000, [row])))));
    }

    private float[] Item(int row) => _items[(row * Dimension)..((row + 1) * Dimension)];

    private static LiveIndex Make(ReadOnlySpan<float> items, ScoreFunction function, bool soar = false) => new(
        ScannIndex.Build(items, Dimension, null, function, new ScannOptions { Soar = soar }, cancellationToken: TestContext.Current.CancellationToken),
        rebuildAfter: int.MaxValue);
}

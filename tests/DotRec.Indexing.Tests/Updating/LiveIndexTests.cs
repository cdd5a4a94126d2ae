using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class LiveIndexTests : IDisposable
{
    private const int Dimension = 8;

    private readonly string _path = Path.GetTempFileName();
    private readonly float[] _items = Corpus.Clustered(41, 3000, Dimension);
    private readonly float[] _more = Corpus.Clustered(42, 500, Dimension);

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.Cosine)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public async Task After_any_changes_searches_find_what_an_exact_index_of_the_items_finds(ScoreFunction function)
    {
        using var live = Make(function);
        var expected = Enumerable.Range(0, 3000).ToDictionary(row => (long)row, row => _items[(row * Dimension)..((row + 1) * Dimension)]);
        var random = new SeededRandom(5);
        for (var step = 0; step < 12; step++)
        {
            var ids = Enumerable.Range(0, 30).Select(_ => (long)random.NextInt(3400)).Distinct().ToArray();
            if (step % 3 == 2)
            {
                Assert.Equal(ids.Count(id => expected.Remove(id)), live.Delete(ids));
            }
            else
            {
                var first = random.NextInt(400) * Dimension;
                live.Upsert(ids, _more.AsSpan(first, ids.Length * Dimension));
                for (var i = 0; i < ids.Length; i++)
                {
                    expected[ids[i]] = _more[(first + (i * Dimension))..(first + ((i + 1) * Dimension))];
                }
            }

            if (step == 6)
            {
                await live.RebuildAsync(TestContext.Current.CancellationToken);
            }

            AssertHolds(live, expected, function);
        }

        await live.SaveAsync(_path, cancellationToken: TestContext.Current.CancellationToken);
        using var saved = ItemIndex.Open(_path);
        Assert.Equal(expected.Keys.Order(), Enumerable.Range(0, saved.Count).Select(saved.Ids.GetInt64).Order());
        await live.RebuildAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, ((LiveSnapshot)live.Current).Changes.ChangeCount);
        AssertHolds(live, expected, function);
    }

    [Fact]
    public void A_view_taken_before_a_change_stays_as_it_was()
    {
        using var live = Make(ScoreFunction.Dot);
        var query = _items.AsSpan(0, Dimension);
        var before = live.Current;
        var found = before.Search(query, 20);
        live.Delete([.. found.Select(candidate => (long)candidate.Row)]);
        live.Upsert(5000, _more.AsSpan(0, Dimension));
        live.Upsert(5000, _more.AsSpan(Dimension, Dimension));
        Assert.Equal(found, before.Search(query, 20));
        Assert.Equal(-1, before.Ids.RowOf(5000L));
        Assert.Equal((3001 - 20, 3001), (live.Count, live.Current.Count));
        Assert.Equal(-1, live.Current.Ids.RowOf((long)found[0].Row));
    }

    [Fact]
    public void A_deleted_item_is_never_found_however_many_of_the_best_are_deleted()
    {
        using var live = Make(ScoreFunction.Dot);
        var query = _items.AsSpan(0, Dimension).ToArray();
        var best = live.Current.Search(query, 1500).Select(candidate => (long)candidate.Row).ToArray();
        Assert.Equal(1500, live.Delete(best));
        Assert.Equal(0, live.Delete(best));
        var found = live.Current.Search(query, 100);
        Assert.Equal(100, found.Length);
        Assert.Empty(found.Select(candidate => (long)candidate.Row).Intersect(best));
        Assert.Empty(live.Current.Search(query, 10, ItemFilter.Allow(3000, [(int)best[0], (int)best[1]])));
    }

    [Fact]
    public void Exclusions_and_filters_reach_added_items()
    {
        using var live = Make(ScoreFunction.Dot);
        live.Upsert([7000L, 7001L], _more.AsSpan(0, 2 * Dimension));
        var row = live.Current.Ids.RowOf(7001L);
        Assert.Equal(3001, row);
        Assert.Equal(row, Assert.Single(live.Current.Search(_more.AsSpan(0, Dimension), 5, ItemFilter.Allow(3002, [row]))).Row);
        Assert.DoesNotContain(
            live.Current.Search(_more.AsSpan(0, Dimension), 3002, null, [row, -1, 4]), candidate => candidate.Row == row || candidate.Row == 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => live.Current.Search(new float[Dimension], 5, null, [3002]));
    }

    [Fact]
    public async Task Enough_changes_start_a_rebuild_by_themselves()
    {
        using var live = new LiveIndex(Built(ScoreFunction.Dot), Exhaustive, rebuildAfter: 50);
        live.Delete([.. Enumerable.Range(0, 50).Select(id => (long)id)]);
        Assert.True(live.Rebuilding.IsCompleted);
        live.Delete(50L);
        await live.Rebuilding;
        Assert.Equal((2949, 3000, 0), (live.Count, live.Current.Count, ((LiveSnapshot)live.Current).Changes.ChangeCount));
    }

    [Fact]
    public async Task A_rebuild_starts_from_the_index_before_and_the_same_calls_give_the_same_bytes()
    {
        var added = Corpus.Clustered(43, 2000, Dimension);
        var files = new List<byte[]>();
        for (var run = 0; run < 2; run++)
        {
            using var live = Make(ScoreFunction.Dot);
            live.Upsert([.. Enumerable.Range(3000, 2000).Select(id => (long)id)], added);
            await live.RebuildAsync(TestContext.Current.CancellationToken);

            // From scratch there would be 64 partitions for 5,000 items.
            Assert.Equal(48, ((LiveSnapshot)live.Current).Changes.Items.Index.PartitionCount);
            Assert.Equal(64, ScannOptions.SuggestedPartitionCount(live.Count));
            await live.SaveAsync(_path, cancellationToken: TestContext.Current.CancellationToken);
            files.Add(await File.ReadAllBytesAsync(_path, TestContext.Current.CancellationToken));
        }

        Assert.Equal(files[0], files[1]);
    }

    [Fact]
    public void A_refused_change_changes_nothing()
    {
        using var live = Make(ScoreFunction.Dot);
        var before = live.Current;
        Assert.StartsWith(
            "Id '3' is given twice.", Assert.Throws<ArgumentException>(() => live.Upsert([3L, 3L], _more.AsSpan(0, 16))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Id 'x' is a string; the index has ids of type Int64.", Assert.Throws<ArgumentException>(() => live.Upsert("x", _more.AsSpan(0, 8))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "1 ids need 8 values, 8 each; 7 were given.", Assert.Throws<ArgumentException>(() => live.Upsert(1L, _more.AsSpan(0, 7))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Row 0 holds NaN at position 1", Assert.Throws<ArgumentException>(() => live.Upsert(1L, [0f, float.NaN, 0f, 0f, 0f, 0f, 0f, 0f])).Message,
            StringComparison.Ordinal);
        Assert.Same(before, live.Current);
    }

    [Fact]
    public async Task String_ids_and_an_index_that_begins_empty()
    {
        using var live = new LiveIndex(ScannIndex.Build([], 2, ItemIds.From((ReadOnlySpan<string>)[]), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(live.Current.Search([1f, 1f], 3));
        live.Upsert(["a", "b"], [1f, 0f, 2f, 0f]);
        live.Delete("a");
        Assert.Equal("b", live.Current.Ids[Assert.Single(live.Current.Search([1f, 1f], 3)).Row]);
        await live.RebuildAsync(TestContext.Current.CancellationToken);
        Assert.Equal("b", live.Current.Ids[Assert.Single(live.Current.Search([1f, 1f], 3)).Row]);
        Assert.Equal(1, live.Count);
    }

    private static ScannOptions Exhaustive => new() { PartitionsToSearch = int.MaxValue, RescoringCount = int.MaxValue };

    private LiveIndex Make(ScoreFunction function) => new(Built(function), Exhaustive);

    private ScannIndex Built(ScoreFunction function) =>
        ScannIndex.Build(_items, Dimension, null, function, Exhaustive, cancellationToken: TestContext.Current.CancellationToken);

    private void AssertHolds(LiveIndex live, Dictionary<long, float[]> expected, ScoreFunction function)
    {
        var ids = expected.Keys.ToArray();
        using var exact = BruteForceIndex.Build(ids.SelectMany(id => expected[id]).ToArray(), ItemIds.From(ids), function);
        var view = live.Current;
        Assert.Equal(expected.Count, live.Count);
        for (var query = 0; query < 5; query++)
        {
            var vector = _more.AsSpan(query * 50 * Dimension, Dimension);
            Assert.Equal(Named(exact, exact.Search(vector, 40)), Named(view, view.Search(vector, 40)));
        }

        foreach (var id in ids.Where(id => id % 97 == 0))
        {
            var copy = new float[Dimension];
            view.CopyEmbedding(view.Ids.RowOf(id), copy);
            Assert.Equal(expected[id], copy);
        }
    }

    // Equal items may come in another order: by id among equals.
    private static IEnumerable<(float, long)> Named(IItemIndex index, Candidate[] found) => found
        .Where(candidate => candidate.Score > found[^1].Score)
        .Select(candidate => (candidate.Score, index.Ids.GetInt64(candidate.Row)))
        .OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Item2);
}

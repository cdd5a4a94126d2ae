using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>Rows stay with their items, and filters with their rows, whatever comes, goes and is rebuilt.</summary>
public sealed class LiveRowsTests
{
    private const int Dimension = 6;
    private const int Count = 1200;

    private readonly float[] _vectors = Corpus.Clustered(71, 4000, Dimension);
    private readonly SeededRandom _random = new(3);

    // What has to be there: the row of each id, the id of each row or null, and each row's vector.
    private readonly Dictionary<long, int> _rows = [];
    private readonly List<long?> _ids = [];
    private readonly Dictionary<int, float[]> _embeddings = [];

    [Theory]
    [InlineData(ScoreFunction.Dot, false)]
    [InlineData(ScoreFunction.Cosine, true)]
    [InlineData(ScoreFunction.NegatedSquaredL2, true)]
    public async Task Filters_made_at_any_time_stay_right_through_writes_deletions_and_rebuilds(ScoreFunction function, bool soar)
    {
        for (var row = 0; row < Count; row++)
        {
            Note(row, _vectors[(row * Dimension)..((row + 1) * Dimension)]);
        }

        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 12, Soar = soar };
        using var live = new LiveIndex(
            ScannIndex.Build(_vectors.AsSpan(0, Count * Dimension), Dimension, null, function, options, cancellationToken: TestContext.Current.CancellationToken),
            rebuildAfter: int.MaxValue);
        var filters =
            new List<ItemFilter> { ItemFilter.Where(Count, row => row % 2 == 0), ItemFilter.Block(Count, [1, 5, 700]), ItemFilter.Allow(Count, [4, 9, 1000]) };
        for (var step = 0; step < 9; step++)
        {
            Write(live, step % 3 == 2 ? 3 : 300);
            Delete(live, 60);
            if (step is 3 or 6)
            {
                await live.RebuildAsync(TestContext.Current.CancellationToken);
            }

            var rows = live.Current.Count;
            filters.Add(ItemFilter.Where(rows, row => row % 3 != step % 3));
            filters.Add(filters[^1].Not().And(ItemFilter.Block(rows, [.. Enumerable.Range(0, 50).Select(_ => _random.NextInt(rows))])));
            Check(live, filters, function);
        }
    }

    private void Write(LiveIndex live, int count)
    {
        // Items there are, items there were, and new ones.
        var ids = Enumerable.Range(0, count).Select(_ => (long)_random.NextInt(2 * Count)).Distinct().ToArray();
        var vectors = ids.Select(_ => _random.NextInt(4000)).Select(row => _vectors[(row * Dimension)..((row + 1) * Dimension)]).ToArray();
        live.Upsert(ids, vectors.SelectMany(vector => vector).ToArray());
        foreach (var (id, vector) in ids.Zip(vectors))
        {
            Note(id, vector);
        }
    }

    private void Note(long id, float[] vector)
    {
        if (!_rows.TryGetValue(id, out var row))
        {
            row = _ids.Count;
            _ids.Add(id);
            _rows[id] = row;
        }

        _embeddings[row] = vector;
    }

    private void Delete(LiveIndex live, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => (long)_random.NextInt(2 * Count)).ToArray();
        Assert.Equal(ids.Distinct().Count(_rows.ContainsKey), live.Delete(ids));
        foreach (var id in ids)
        {
            if (_rows.Remove(id, out var row))
            {
                _ids[row] = null;
            }
        }
    }

    private void Check(LiveIndex live, List<ItemFilter> filters, ScoreFunction function)
    {
        var view = live.Current;
        Assert.Equal((_rows.Count, _ids.Count), (live.Count, view.Count));
        var copy = new float[Dimension];
        for (var row = 0; row < _ids.Count; row++)
        {
            if (_ids[row] is { } id)
            {
                Assert.Equal((id, row), (view.Ids.GetInt64(row), view.Ids.RowOf(id)));
                view.CopyEmbedding(row, copy);
                Assert.Equal(_embeddings[row], copy);
            }
        }

        var gone = _ids.IndexOf(null);
        Assert.StartsWith(
            $"Row {gone} is of an item that was deleted: it has no id.", Assert.Throws<ArgumentOutOfRangeException>(() => view.Ids[gone]).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"Row {gone} is of an item that was deleted: it has no embedding.",
            Assert.Throws<ArgumentOutOfRangeException>(() => view.CopyEmbedding(gone, copy)).Message,
            StringComparison.Ordinal);

        var there = Enumerable.Range(0, _ids.Count).Where(row => _ids[row] is not null).ToArray();
        using var exact = BruteForceIndex.Build(there.SelectMany(row => _embeddings[row]).ToArray(), Dimension, null, function);
        var query = _vectors.AsSpan(_random.NextInt(4000) * Dimension, Dimension);
        var best = exact.Search(query, there.Length);
        foreach (var filter in filters)
        {
            // Twice: the second search has the filter mapped.
            for (var time = 0; time < 2; time++)
            {
                var expected =
                    best.Select(candidate => candidate with { Row = there[candidate.Row] }).Where(candidate => filter.Allows(candidate.Row)).ToArray();
                Assert.Equal(expected, view.Search(query, _ids.Count, filter));
                var some = view.Search(query, 7, filter, [gone]);
                Assert.Equal(Math.Min(7, expected.Length), some.Length);
                Assert.All(some, candidate => Assert.Contains(candidate, expected));
            }
        }
    }
}

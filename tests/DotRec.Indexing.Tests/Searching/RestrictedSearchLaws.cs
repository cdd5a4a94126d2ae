using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>
/// What holds of every search under filters, exclusions and deletions, whatever it finds: as many as there are, none twice, none that may not be
/// returned, with their scores, in order, and in a batch the same.
/// </summary>
public sealed class RestrictedSearchLaws
{
    private const int Dimension = 16;
    private const int Count = 8000;
    private const int FirstAdded = 6000;
    private const int QueryCount = 4;

    private static readonly int[] s_ks = [1, 10, 37, 300, Count + 5];

    private static readonly float[] s_values = Corpus.Clustered(61, Count + QueryCount, Dimension, clusters: 80);
    private static readonly float[] s_items = s_values[..(Count * Dimension)];
    private static readonly float[] s_queries = s_values[(Count * Dimension)..];

    [Theory]
    [InlineData(ScoreFunction.Dot, false, RescoringFormat.Float32)]
    [InlineData(ScoreFunction.Dot, true, RescoringFormat.Float32)]
    [InlineData(ScoreFunction.Dot, false, RescoringFormat.Int8)]
    [InlineData(ScoreFunction.Cosine, false, RescoringFormat.Float32)]
    [InlineData(ScoreFunction.Cosine, true, RescoringFormat.Bfloat16)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false, RescoringFormat.Float32)]
    [InlineData(ScoreFunction.NegatedSquaredL2, true, RescoringFormat.Float32)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false, RescoringFormat.Int8)]
    public void An_index_returns_what_is_allowed_and_nothing_else(ScoreFunction function, bool soar, RescoringFormat format)
    {
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 80, Soar = soar, RescoringFormat = format };
        using var index = ScannIndex.Build(s_items, Dimension, null, function, options, cancellationToken: TestContext.Current.CancellationToken);
        var isExact = format == RescoringFormat.Float32;
        Check(Searched.As(index), function, isExact, new bool[Count]);
        foreach (var searched in new ScannSearchOptions[] { new(1, 10), new(3, 1), new(40, 25) })
        {
            Check(Searched.As(index, searched), function, isExact, new bool[Count]);
        }

        index.Calibrate(
            Corpus.Clustered(61, Count + 300, Dimension, clusters: 80).AsSpan((Count + QueryCount) * Dimension), 0.95, 10,
            TestContext.Current.CancellationToken);
        Check(Searched.As(index), function, isExact, new bool[Count]);
    }

    [Theory]
    [InlineData(ScoreFunction.Dot, false, RescoringFormat.Float32)]
    [InlineData(ScoreFunction.Dot, true, RescoringFormat.Bfloat16)]
    [InlineData(ScoreFunction.Cosine, true, RescoringFormat.Float32)]
    [InlineData(ScoreFunction.Cosine, false, RescoringFormat.Int8)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false, RescoringFormat.Float32)]
    [InlineData(ScoreFunction.NegatedSquaredL2, true, RescoringFormat.Float32)]
    public async Task A_live_index_returns_what_is_there_and_allowed_and_nothing_else(ScoreFunction function, bool soar, RescoringFormat format)
    {
        foreach (var searched in new ScannSearchOptions[] { default, new(30, 40) })
        {
            var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 60, Soar = soar, RescoringFormat = format };
            options = options with { PartitionsToSearch = searched.PartitionsToSearch, RescoringCount = searched.RescoringCount };
            var (live, isGone) = Changed(function, options);
            using (live)
            {
                var isExact = format == RescoringFormat.Float32;
                Check(Searched.As(live.Current), function, isExact, isGone);
                if (searched == default)
                {
                    await live.RebuildAsync(TestContext.Current.CancellationToken);
                    Check(Searched.As(live.Current), function, isExact, isGone);
                }
            }
        }
    }

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.Cosine)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public void An_exact_index_returns_what_is_allowed_and_nothing_else(ScoreFunction function)
    {
        using var index = BruteForceIndex.Build(s_items, Dimension, null, function);
        Check(Searched.As(index), function, isExact: true, new bool[Count]);
    }

    // Three quarters of the rows in an index, every third as another vector; all written as they should be and the rest added; then some
    // deleted anywhere, and those near a query.
    private static (LiveIndex Live, bool[] IsGone) Changed(ScoreFunction function, ScannOptions options)
    {
        var first = s_items[..(FirstAdded * Dimension)];
        var replaced = Enumerable.Range(0, FirstAdded / 3).Select(i => 3 * i).ToArray();
        foreach (var row in replaced)
        {
            first.AsSpan(row * Dimension, Dimension).Reverse();
        }

        var live = new LiveIndex(
            ScannIndex.Build(first, Dimension, null, function, options, cancellationToken: TestContext.Current.CancellationToken), rebuildAfter: int.MaxValue);
        foreach (var ids in replaced.Chunk(700).Concat(Enumerable.Range(FirstAdded, Count - FirstAdded).Chunk(900)))
        {
            live.Upsert(Array.ConvertAll(ids, id => (long)id), ids.SelectMany(Item).ToArray());
        }

        var (random, isGone) = (new SeededRandom(9), new bool[Count]);
        var near = Restrictions.Near(s_values, Dimension, Count, 0.05, isFar: false);
        for (var row = 0; row < Count; row++)
        {
            isGone[row] = random.NextInt(12) == 0 || near.Allows(row);
        }

        var deleted = Enumerable.Range(0, Count).Where(row => isGone[row]).Select(row => (long)row).ToArray();
        Assert.Equal(deleted.Length, live.Delete(deleted));
        return (live, isGone);
    }

    private static float[] Item(int row) => s_items[(row * Dimension)..((row + 1) * Dimension)];

    private static void Check(Searched index, ScoreFunction function, bool isExact, bool[] isGone)
    {
        var scores = Scores(function);
        var restrictions = new Restrictions(scores, 5);
        var filters = new List<(string Name, ItemFilter? Filter)>
        {
            ("no filter", null),
            ("nothing", ItemFilter.Allow(Count, [])),
            ("one item", ItemFilter.Allow(Count, [4711])),
        };
        foreach (var share in new[] { 0.5, 0.1, 0.02, 0.001 })
        {
            filters.Add(($"random {share}", restrictions.Random(share)));
            filters.Add(($"near {share}", Restrictions.Near(s_items, Dimension, 17, share, isFar: false)));
            filters.Add(($"far {share}", Restrictions.Near(s_items, Dimension, 17, share, isFar: true).And(ItemFilter.Block(Count, [3]))));
        }

        filters.Add(("like", restrictions.Best(0.5)));
        filters.Add(("unlike", restrictions.Best(0.5).Not()));
        filters.Add(("unlike or few", restrictions.Worst(0.02).Or(restrictions.Random(0.001))));
        (string Name, int[][]? Rows)[] exclusions =
        [
            ("none", null), ("random 40", restrictions.ExcludeRandom(40)), ("best 5", restrictions.ExcludeBest(5)), ("best 50", restrictions.ExcludeBest(50)),
            ("best 500", restrictions.ExcludeBest(500)), ("all but 5", restrictions.ExcludeAllBut(5)),
        ];
        for (var i = 0; i < filters.Count * exclusions.Length; i++)
        {
            var ((filterName, filter), (exclusionName, excluded)) = (filters[i / exclusions.Length], exclusions[i % exclusions.Length]);
            var k = s_ks[(i + (i / exclusions.Length)) % s_ks.Length];
            var name = $"{filterName}, {exclusionName} excluded, k = {k}";
            var batch = index.Batch(s_queries, k, filter, excluded);
            for (var query = 0; query < QueryCount; query++)
            {
                var found = index.Single(s_queries[(query * Dimension)..((query + 1) * Dimension)], k, filter, excluded?[query]);
                Assert.True(
                    found.SequenceEqual(batch[query]), $"{name}: query {query} finds {found.Length} alone, {batch[query].Length} in a batch, or others.");
                var allowed = Enumerable.Range(0, Count).Where(row => !isGone[row] && filter?.Allows(row) != false).Except(excluded?[query] ?? []).ToHashSet();
                Assert.True(found.Length == Math.Min(k, allowed.Count), $"{name}: query {query} finds {found.Length} of {allowed.Count}.");
                var rows = found.Select(candidate => candidate.Row).ToHashSet();
                Assert.True(rows.Count == found.Length && rows.IsSubsetOf(allowed), $"{name}: query {query} finds a row twice, or one it may not.");
                Assert.True(IsSorted(found), $"{name}: the answers of query {query} are out of order.");
                if (isExact)
                {
                    Assert.All(found, candidate => Assert.Equal(scores[query][candidate.Row], candidate.Score));
                }
            }
        }
    }

    private static bool IsSorted(Candidate[] found)
    {
        for (var i = 1; i < found.Length; i++)
        {
            if (!(found[i - 1].Score > found[i].Score || (found[i - 1].Score == found[i].Score && found[i - 1].Row < found[i].Row)))
            {
                return false;
            }
        }

        return true;
    }

    private static float[][] Scores(ScoreFunction function)
    {
        using var exact = BruteForceIndex.Build(s_items, Dimension, null, function);
        return Array.ConvertAll(
            exact.SearchBatch(s_queries, Count), list => list.OrderBy(candidate => candidate.Row).Select(candidate => candidate.Score).ToArray());
    }
}

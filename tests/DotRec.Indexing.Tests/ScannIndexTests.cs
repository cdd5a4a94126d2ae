
namespace DotRec.Indexing.Tests;

/// <summary>The sizes, values and restrictions at which approximate indexes are known to break, with options as they come.</summary>
public sealed class ScannIndexTests
{
    public static TheoryData<int, ScannTier> Sizes()
    {
        var data = new TheoryData<int, ScannTier>();
        foreach (var count in new[] { 0, 1, 15, 16, 17, 31, 32, 33 })
        {
            data.Add(count, ScannTier.FlatPq);
            data.Add(count, ScannTier.Tree);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Around_the_sizes_of_codebooks_and_blocks_a_search_for_all_finds_all(int count, ScannTier tier)
    {
        var embeddings = Corpus.Clustered(1, count, 6);
        using var index = Build(embeddings, 6, options: new ScannOptions { Tier = tier, PartitionsToSearch = int.MaxValue });
        AssertExact(index, embeddings, 6, Math.Max(1, count));
    }

    [Fact]
    public void A_search_for_nothing_finds_nothing()
    {
        using var index = Build(Corpus.Clustered(1, 50, 4), 4);
        Assert.Equal(0, index.Search(new float[4], Span<Candidate>.Empty));
    }

    [Fact]
    public void More_candidates_asked_for_than_there_are_items_gives_all_of_them()
    {
        var embeddings = Corpus.Clustered(1, 50, 4);
        using var index = Build(embeddings, 4);
        AssertExact(index, embeddings, 4, 50);
        Assert.Equal(50, index.Search(embeddings.AsSpan(0, 4), 1000).Length);
    }

    [Fact]
    public void More_candidates_asked_for_than_the_searched_partitions_hold_are_found_in_others()
    {
        var embeddings = Corpus.Clustered(1, 400, 4);
        using var index = Build(embeddings, 4, options: new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 20, PartitionsToSearch = 1 });
        for (var k = 1; k <= 401; k += 50)
        {
            var found = index.Search(embeddings.AsSpan(0, 4), k);
            Assert.Equal(Math.Min(k, 400), found.Select(candidate => candidate.Row).Distinct().Count());
            Assert.Equal(found, index.SearchBatch(embeddings.AsSpan(0, 4), k)[0]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Widths_of_less_than_a_block_and_odd_widths(int dimension)
    {
        var embeddings = Corpus.Clustered(2, 3000, dimension);
        using var index = Build(embeddings, dimension, options: new ScannOptions { PartitionsToSearch = int.MaxValue, RescoringCount = 3000 });
        AssertExact(index, embeddings, dimension, 20);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    public void Items_that_are_all_equal_and_items_that_are_all_zero(float value)
    {
        var embeddings = new float[3000 * 5];
        embeddings.AsSpan().Fill(value);
        foreach (var function in Enum.GetValues<ScoreFunction>())
        {
            using var index = Build(embeddings, 5, null, function);
            var found = index.Search([1f, 2f, 3f, 4f, 5f], 10);
            Assert.Equal(10, found.Length);
            Assert.Single(found.Select(candidate => candidate.Score).Distinct());
        }
    }

    [Theory]
    [InlineData(float.NaN, "Row 2100 holds NaN at position 3; embeddings are finite numbers.")]
    [InlineData(float.NegativeInfinity, "Row 2100 holds -Infinity at position 3; embeddings are finite numbers.")]
    public void Rows_that_are_not_finite_are_refused_by_number(float value, string message)
    {
        var embeddings = Corpus.Clustered(3, 2500, 4);
        embeddings[(2100 * 4) + 3] = value;
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Build(embeddings, 4)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Queries_that_are_not_finite_are_refused_and_the_index_goes_on(float value)
    {
        using var index = Build(Corpus.Clustered(3, 2500, 4), 4);
        Assert.Throws<ArgumentException>(() => index.Search([1f, value, 1f, 1f], 10));
        Assert.Equal(10, index.Search([1f, 1f, 1f, 1f], 10).Length);
    }

    [Fact]
    public void Ids_given_twice_are_refused() => Assert.StartsWith(
        "Id 7 is given to rows 0 and 2.",
        Assert.Throws<ArgumentException>(() => Build(new float[12], ItemIds.From([7L, 8L, 7L]))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Ids_and_embeddings_that_do_not_fit_are_refused()
    {
        Assert.StartsWith(
            "There are 2 ids and 3 embeddings", Assert.Throws<ArgumentException>(() => Build(new float[12], 4, ItemIds.Range(2))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "12 values cannot be split over 5 ids", Assert.Throws<ArgumentException>(() => Build(new float[12], ItemIds.Range(5))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("There are no ids", Assert.Throws<ArgumentException>(() => Build([], ItemIds.Range(0))).Message, StringComparison.Ordinal);
        Assert.StartsWith("The embeddings hold 11 values", Assert.Throws<ArgumentException>(() => Build(new float[11], 4)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new float[12], 0));
    }

    [Fact]
    public void Items_that_are_equal_under_different_ids_are_all_found()
    {
        var embeddings = Corpus.Clustered(4, 2400, 6);
        for (var row = 100; row < 140; row++)
        {
            embeddings.AsSpan(0, 6).CopyTo(embeddings.AsSpan(row * 6));
        }

        using var index = Build(embeddings, 6, null, ScoreFunction.NegatedSquaredL2);
        Assert.Equal([0, .. Enumerable.Range(100, 40)], index.Search(embeddings.AsSpan(0, 6), 41).Select(candidate => candidate.Row));
    }

    [Fact]
    public void More_partitions_than_items_and_more_searched_than_there_are()
    {
        var embeddings = Corpus.Clustered(5, 30, 6);
        using var index = Build(embeddings, 6, options: new ScannOptions { PartitionCount = 1000, PartitionsToSearch = 5000 });
        Assert.InRange(index.PartitionCount, 1, 30);
        AssertExact(index, embeddings, 6, 30);
    }

    [Fact]
    public void One_item_a_million_times_as_long_does_not_spoil_the_others()
    {
        var embeddings = Corpus.Clustered(6, 4000, 8);
        foreach (ref var value in embeddings.AsSpan(8 * 1234, 8))
        {
            value *= 1e6f;
        }

        using var exact = BruteForceIndex.Build(embeddings, 8);
        using var index = Build(embeddings, 8);
        var queries = Corpus.Clustered(6, 50, 8);
        Assert.InRange(Recall(index, exact, queries, 10), 0.9, 1);
    }

    [Fact]
    public void Filters_that_pass_nothing_one_item_and_a_few_are_answered_exactly()
    {
        var embeddings = Corpus.Clustered(7, 5000, 6);
        using var index = Build(embeddings, 6);
        using var exact = BruteForceIndex.Build(embeddings, 6);
        var query = embeddings.AsSpan(60, 6);
        foreach (var rows in new int[][] { [], [4999], [3, 700, 701, 4000] })
        {
            var filter = ItemFilter.Allow(5000, rows);
            Assert.Equal(exact.Search(query, 10, filter), index.Search(query, 10, filter));
            Assert.Equal(exact.Search(query, 10, filter, [4000]), index.Search(query, 10, filter, [4000]));
        }
    }

    [Fact]
    public void Excluding_every_item_but_one_leaves_that_one()
    {
        using var index = Build(Corpus.Clustered(8, 200, 6), 6, options: new ScannOptions { RescoringCount = 1 });
        var others = Enumerable.Range(0, 200).Where(row => row != 17).ToArray();
        Assert.Equal(17, Assert.Single(index.Search(new float[6], 10, null, others)).Row);
    }

    private static ScannIndex Build(
        float[] embeddings, int dimension, ItemIds? ids = null, ScoreFunction scoreFunction = ScoreFunction.Dot, ScannOptions? options = null) =>
        ScannIndex.Build(embeddings, dimension, ids, scoreFunction, options, cancellationToken: TestContext.Current.CancellationToken);

    private static ScannIndex Build(float[] embeddings, ItemIds ids) =>
        ScannIndex.Build(embeddings, ids, cancellationToken: TestContext.Current.CancellationToken);

    private static void AssertExact(ScannIndex index, float[] embeddings, int dimension, int k)
    {
        using var exact = BruteForceIndex.Build(embeddings, dimension, scoreFunction: index.ScoreFunction);
        var queries = Corpus.Clustered(99, 5, dimension);
        Assert.Equal(exact.SearchBatch(queries, k), index.SearchBatch(queries, k));
    }

    private static double Recall(ScannIndex index, BruteForceIndex exact, float[] queries, int k)
    {
        var (found, wanted) = (index.SearchBatch(queries, k), exact.SearchBatch(queries, k));
        return found.Zip(wanted, (a, b) => (double)a.Intersect(b).Count() / k).Average();
    }
}

namespace DotRec.Indexing.Tests;

public class BruteForceIndexTests
{
    [Fact]
    public void Dot_products_by_hand()
    {
        // (1, 2)·(3, 4) = 11, (1, 2)·(−1, 1) = 1, (1, 2)·(0, 5) = 10
        using var index = BruteForceIndex.Build([3f, 4f, -1f, 1f, 0f, 5f], ItemIds.From(["a", "b", "c"]));
        Assert.Equal([new Candidate(0, 11), new Candidate(2, 10), new Candidate(1, 1)], index.Search([1f, 2f], 3));
    }

    [Fact]
    public void Cosines_by_hand()
    {
        // (3, 4) has length 5: (3, 4)·(4, 3) / 25 = 0.96; against itself 1
        using var index = BruteForceIndex.Build([4f, 3f, 30f, 40f], ItemIds.From([7L, 8L]), ScoreFunction.Cosine);
        var found = index.Search([3f, 4f], 2);
        Assert.Equal([1, 0], found.Select(candidate => candidate.Row));
        Assert.Equal([1f, 0.96f], found.Select(candidate => candidate.Score), (x, y) => Math.Abs(x - y) < 1e-6f);
    }

    [Fact]
    public void Negated_squared_distances_by_hand()
    {
        // (1, 1) to (4, 5): 9 + 16; to (1, 0): 1
        using var index = BruteForceIndex.Build([4f, 5f, 1f, 0f], 2, null, ScoreFunction.NegatedSquaredL2);
        Assert.Equal([new Candidate(1, -1), new Candidate(0, -25)], index.Search([1f, 1f], 2));
    }

    [Fact]
    public void Neighbours_far_from_the_origin_keep_their_distances()
    {
        // |q|² − 2qx + |x|² would be rounded to a multiple of 2^13 here.
        using var index = BruteForceIndex.Build([100_000f, 100_001f, 100_003f], 1, null, ScoreFunction.NegatedSquaredL2);
        Assert.Equal([new Candidate(1, 0), new Candidate(0, -1), new Candidate(2, -4)], index.Search([100_001f], 3));
    }

    [Fact]
    public void Very_short_and_very_long_items_have_their_cosines()
    {
        using var index = BruteForceIndex.Build([1e-25f, 1e-25f, 3e18f, 0f, 1e-38f, 1e-38f], 2, null, ScoreFunction.Cosine);
        var found = index.Search([2e-20f, 0f], 3);
        Assert.Equal([1, 0, 2], found.Select(candidate => candidate.Row));
        Assert.Equal([1f, MathF.Sqrt(0.5f), 0f], found.Select(candidate => candidate.Score), (x, y) => Math.Abs(x - y) < 1e-6f);
    }

    [Fact]
    public void What_cannot_be_built_is_refused()
    {
        Refused("There are no ids, so the embeddings' width is unknown. Use the overload that takes the dimension.",
            () => BruteForceIndex.Build([], ItemIds.From(ReadOnlySpan<long>.Empty)));
        Refused("7 values cannot be split over 3 ids: every item needs one embedding, all of the same width.",
            () => BruteForceIndex.Build(new float[7], ItemIds.Range(3)));
        Refused("There are 2 ids and 3 embeddings; every item needs one of each.", () => BruteForceIndex.Build(new float[6], 2, ItemIds.Range(2)));
        Refused("The embeddings hold 7 values, which is no whole number of rows of 2.", () => BruteForceIndex.Build(new float[7], 2));
        Refused("dimension ('0') must be greater than or equal to '1'.", () => BruteForceIndex.Build([], 0));
        Refused("There is no such score function.", () => BruteForceIndex.Build(new float[6], 2, null, (ScoreFunction)9));
    }

    [Fact]
    public void The_embeddings_are_copied()
    {
        var embeddings = new[] { 1f, 2f };
        using var index = BruteForceIndex.Build(embeddings, 1);
        embeddings[0] = 100;
        Assert.Equal([1, 0], index.Search([1f], 2).Select(candidate => candidate.Row));
    }

    [Fact]
    public async Task Disposing_during_searches_lets_them_finish()
    {
        var path = Path.Combine(Path.GetTempPath(), $"dotrec-{Guid.NewGuid():n}.index");
        var embeddings = new float[64 * 400];
        embeddings[5] = 1;
        using (var built = BruteForceIndex.Build(embeddings, 1))
        {
            built.Save(path);
        }

        for (var round = 0; round < 20; round++)
        {
            var index = ItemIndex.Open(path);
            using var start = new Barrier(3);
            var readers = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    try
                    {
                        while (true)
                        {
                            Assert.Equal(5, index.Search([1f], 1)[0].Row);
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                        // The end that is wanted: not a crash, and not another answer.
                    }
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToArray();
            start.SignalAndWait(TestContext.Current.CancellationToken);
            index.Dispose();
            await Task.WhenAll(readers);
        }

        File.Delete(path);
    }

    private static void Refused(string message, Action action) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}

using CsCheck;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving.Tests;

public sealed class MaximalMarginalRelevanceTests
{
    [Fact]
    public void Diversity_0_keeps_the_order() => Sample((index, ranked, k) => Assert.Equal(ranked[..k], Choose(index, ranked, 0, k)));

    [Fact]
    public void Diversity_1_takes_what_is_least_like_anything_before_it() => Sample((index, ranked, k) =>
    {
        var chosen = Choose(index, ranked, 1, k);
        for (var place = 1; place < k; place++)
        {
            var before = chosen[..place];
            var least = ranked.Except(before).Min(item => before.Max(other => Cosine(index, item.Row, other.Row)));
            Assert.Equal(least, before.Max(other => Cosine(index, chosen[place].Row, other.Row)), 1e-5);
        }
    });

    [Fact]
    public void Each_place_goes_to_the_candidate_of_greatest_marginal_relevance() => Sample((index, ranked, k) =>
    {
        const double Diversity = 0.3f;
        var (best, worst) = (ranked[0].Score, ranked[^1].Score);
        var chosen = Choose(index, ranked, (float)Diversity, k);
        for (var place = 1; place < k; place++)
        {
            var before = chosen[..place];
            Assert.Equal(ranked.Except(before).Max(Gain), Gain(chosen[place]), 1e-5);

            double Gain(RankedItem item) =>
                ((1 - Diversity) * (best > worst ? ((double)item.Score - worst) / ((double)best - worst) : 1)) - (Diversity * before.Max(other => Cosine(index, item.Row, other.Row)));
        }
    });

    [Fact]
    public void The_best_item_comes_first_and_none_comes_twice() => Sample((index, ranked, k) =>
    {
        foreach (var diversity in new[] { 0.1f, 0.5f, 0.9f, 1 })
        {
            var chosen = Choose(index, ranked, diversity, k);
            Assert.Equal(ranked[0], chosen[0]);
            Assert.Equal(k, chosen.Distinct().Count());
            Assert.Empty(chosen.Except(ranked));
            Assert.Equal(chosen, Choose(index, ranked, diversity, k));
        }
    });

    [Fact]
    public void The_scale_of_scores_and_of_embeddings_does_not_matter() => Sample((index, ranked, k) =>
    {
        var embeddings = new float[index.Count * index.Dimension];
        for (var row = 0; row < index.Count; row++)
        {
            index.CopyEmbedding(row, embeddings.AsSpan(row * index.Dimension, index.Dimension));
        }

        using var larger = BruteForceIndex.Build(Array.ConvertAll(embeddings, value => value * 1024), index.Ids);
        RankedItem[] scaled = [.. ranked.Select(item => item with { Score = (item.Score * 4) + 64 })];
        Assert.Equal(Choose(index, ranked, 0.5f, k).Select(item => item.Row), Choose(larger, scaled, 0.5f, k).Select(item => item.Row));
    });

    [Fact]
    public void Vectors_of_zeros_and_of_extreme_lengths_and_equal_scores_are_fine()
    {
        float[] embeddings = [0, 0, 1e-30f, 0, 1e18f, 0, 0, 1e-38f, -1e18f, 0];
        using var index = BruteForceIndex.Build(embeddings, ItemIds.Range(5));
        RankedItem[] ranked = [.. Enumerable.Range(0, 5).Select(row => new RankedItem(row, 1, 1))];
        Assert.Equal([1, 4, 0, 3, 2], Choose(index, [ranked[1], ranked[0], .. ranked[2..]], 0.5f, 5).Select(item => item.Row));
        Assert.Equal([0], Choose(index, ranked[..1], 1, 1).Select(item => item.Row));
        Assert.Empty(Choose(index, [], 1, 0));
    }

    [Fact]
    public void Diversity_is_a_setting_of_the_call_with_or_without_a_ranker()
    {
        var corpus = new TestCorpus();
        using var recommender = corpus.Recommender();
        var query = new { user_id = "3" };
        var plain = recommender.Recommend(query);
        RankedRecommenderTests.Same(plain, recommender.Recommend(query, new RecommendOptions()));
        var diverse = recommender.Recommend(query, new RecommendOptions { Diversity = 0.7f, RankedCandidates = 30 });
        Assert.Equal(plain[0].ItemId, diverse[0].ItemId);
        Assert.True(Likeness(diverse) < Likeness(plain) - 0.1, $"{Likeness(diverse)} of {Likeness(plain)}");
        Assert.Empty(diverse.Select(item => item.Row).Except(corpus.Ranked(3).Take(30)));
        RankedRecommenderTests.Same(diverse, recommender.RecommendBatch([query], new RecommendOptions { Diversity = 0.7f, RankedCandidates = 30 })[0]);
        foreach (var diversity in new[] { -0.1f, 1.1f, float.NaN })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => recommender.Recommend(query, new RecommendOptions { Diversity = diversity }));
        }

        double Likeness(Recommendations items) => items.SelectMany(one => items, (one, other) => Cosine(recommender.Index, one.Row, other.Row)).Average();
    }

    private static void Sample(Action<IItemIndex, RankedItem[], int> law) => Gen.Select(Gen.ULong, Gen.Int[1, 40], Gen.Int[1, 9], Gen.Int[1, 40]).Sample(
        (seed, count, dimension, k) =>
        {
            var random = new SeededRandom(seed);
            using var index = BruteForceIndex.Build(Enumerable.Range(0, (count + 5) * dimension).Select(_ => (float)random.NextNormal()).ToArray(), ItemIds.Range(count + 5));
            var rows = Enumerable.Range(0, count + 5).OrderBy(_ => random.NextDouble()).Take(count);
            RankedItem[] ranked = [.. rows.Select(row => new RankedItem(row, (float)random.NextNormal(), 0)).OrderByDescending(item => item.Score)];
            law(index, ranked, Math.Min(k, count));
        },
        iter: 60);

    private static RankedItem[] Choose(IItemIndex index, RankedItem[] ranked, float diversity, int k)
    {
        var chosen = new RankedItem[k];
        MaximalMarginalRelevance.Choose(index, ranked, diversity, chosen);
        return chosen;
    }

    private static double Cosine(IItemIndex index, int one, int other)
    {
        var (x, y) = (new float[index.Dimension], new float[index.Dimension]);
        index.CopyEmbedding(one, x);
        index.CopyEmbedding(other, y);
        return x.Zip(y, (a, b) => (double)a * b).Sum() / Math.Sqrt(x.Sum(a => (double)a * a) * y.Sum(b => (double)b * b));
    }
}

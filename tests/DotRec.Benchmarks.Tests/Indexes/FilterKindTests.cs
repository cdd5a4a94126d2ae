using DotRec.Indexing;

namespace DotRec.Benchmarks.Tests;

public class FilterKindTests
{
    private static readonly VectorCorpus Corpus = VectorCorpus.Synthetic(5000, 8, 60, ScoreFunction.Dot, seed: 1, spectral: true);

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.Cosine)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public void Neighbours_in_the_spatial_order_are_near_each_other(ScoreFunction function)
    {
        var corpus = Corpus with { ScoreFunction = function };
        var order = SpatialOrder.Of(corpus, seed: 2, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 5000), order.Order());
        Assert.Equal(order, SpatialOrder.Of(corpus, seed: 2, TestContext.Current.CancellationToken));
        double Mean(Func<int, int> other) => Enumerable.Range(0, 4950).Average(i => Distance(corpus, order[i], order[other(i)], function));
        Assert.True(Mean(i => i + 1) < 0.7 * Mean(i => (i + 2500) % 5000));
    }

    [Fact]
    public void Equal_items_are_put_in_some_order()
    {
        var corpus = new VectorCorpus("x", [.. Enumerable.Repeat(1f, 2000)], [1, 1], 2, ScoreFunction.Dot);
        Assert.Equal(Enumerable.Range(0, 1000), SpatialOrder.Of(corpus, 0, TestContext.Current.CancellationToken).Order());
    }

    [Fact]
    public void Categories_are_disjoint_and_the_near_one_scores_higher_than_the_far_one()
    {
        int[] queries = [1, 3, 5, 7, 9, 11];
        var cases = new CategoryFilters(Corpus, queries, seed: 2).Cases([2, 50], TestContext.Current.CancellationToken).ToArray();
        Assert.Equal([("category-near", 100), ("category-mid", 100), ("category-far", 100), ("category-near", 2500), ("category-far", 2500)], cases.Select(one => (one.Kind, one.Allowed)));
        for (var i = 0; i < queries.Length; i++)
        {
            var filters = cases.Take(3).Select(one => one.Questions[i].Filter!).ToArray();
            Assert.All(filters, filter => Assert.Equal(100, filter.AllowedCount));
            Assert.Equal(0, filters[0].And(filters[1]).AllowedCount + filters[0].And(filters[2]).AllowedCount + filters[1].And(filters[2]).AllowedCount);
            var scores = Array.ConvertAll(filters, filter => Enumerable.Range(0, 5000).Where(filter.Allows).Average(row => Score(queries[i], row)));
            Assert.True(scores[0] > scores[1] && scores[1] > scores[2]);
        }
    }

    [Fact]
    public void Like_items_score_above_the_median_and_unlike_ones_below()
    {
        int[] queries = [0, 4];
        var cases = new LikenessFilters(Corpus, queries, seed: 2, like: true, unlike: true).Cases([50, 1], TestContext.Current.CancellationToken).ToArray();
        Assert.Equal([("unlike", 2500), ("unlike", 50), ("like", 2500), ("like", 50)], cases.Select(one => (one.Kind, one.Allowed)));
        for (var i = 0; i < queries.Length; i++)
        {
            double[] Scores(int one) => [.. Enumerable.Range(0, 5000).Where(cases[one].Questions[i].Filter!.Allows).Select(row => Score(queries[i], row))];
            Assert.Equal(cases.Select(one => one.Allowed), Enumerable.Range(0, 4).Select(one => Scores(one).Length));
            Assert.True(Scores(0).Max() <= Scores(2).Min());
            Assert.True(Scores(1).Max() <= Scores(2).Min() && Scores(3).Min() >= Scores(0).Max());
        }
    }

    private static double Score(int query, int row) => MetricNames.Score(Corpus.ScoreFunction, Corpus.Query(query), Corpus.Item(row));

    private static double Distance(VectorCorpus corpus, int left, int right, ScoreFunction function) => function == ScoreFunction.Cosine
        ? 1 - MetricNames.Score(function, corpus.Item(left), corpus.Item(right))
        : -MetricNames.Score(ScoreFunction.NegatedSquaredL2, corpus.Item(left), corpus.Item(right));
}

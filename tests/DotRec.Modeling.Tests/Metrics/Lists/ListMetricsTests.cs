namespace DotRec.Modeling.Tests;

/// <summary>Figures that can be computed by hand.</summary>
public sealed class ListMetricsTests
{
    [Fact]
    public void One_target_at_rank_three()
    {
        var metrics = ListMetrics.Of([[7, 8, 9, 4, 5]], [[9]], 1, 5);
        Assert.Equal((0.0, 1.0, 0.5), (metrics["hitRate@1"].Mean, metrics["hitRate@5"].Mean, metrics["ndcg@5"].Mean));
        Assert.Equal(1 / 3.0, metrics["mrr"].Mean, 1e-12);
    }

    [Fact]
    public void Two_targets_with_another_item_between_them()
    {
        var metrics = ListMetrics.Of([[1, 50, 2]], [[1, 2]], 2, 3);
        Assert.Equal((0.5, 0.5, 0.5), (metrics["recall@2"].Mean, metrics["recallMin@2"].Mean, metrics["precision@2"].Mean));
        Assert.Equal(1.5 / (1 + (1 / Math.Log2(3))), metrics["ndcg@3"].Mean, 1e-12);
        Assert.Equal(0.91972, metrics["ndcg@3"].Mean, 1e-5);
        Assert.Equal((1 + (2 / 3.0)) / 2, metrics["map@3"].Mean, 1e-12);
    }

    [Fact]
    public void More_targets_than_places()
    {
        var metrics = ListMetrics.Of([[1, 2]], [[3, 2, 1]], 2);
        Assert.Equal(2 / 3.0, metrics["recall@2"].Mean, 1e-12);
        Assert.Equal((1.0, 1.0, 1.0), (metrics["recallMin@2"].Mean, metrics["ndcg@2"].Mean, metrics["map@2"].Mean));
    }

    [Fact]
    public void Queries_without_targets_are_left_out_and_short_lists_count_as_they_are()
    {
        var metrics = ListMetrics.Of([[1], [2], []], [[1], [], [4]], 10);
        Assert.Equal((2, 1), (metrics.QueryCount, metrics.SkippedCount));
        Assert.Equal([0, 2], metrics.Queries);
        Assert.Equal((0.5, 0.5, 0.05), (metrics["hitRate@10"].Mean, metrics["mrr"].Mean, metrics["precision@10"].Mean));
    }

    [Fact]
    public void With_one_target_the_metrics_are_those_of_ranks()
    {
        int[] ranks = [1, 3, 0, 12, 7];
        var ofRanks = RetrievalMetrics.FromRanks(ranks, [5, 10]);
        var ofLists = ListMetrics.Of([.. ranks.Select(rank => Enumerable.Range(1, 20).Select(place => place == rank ? 0 : place + 100).ToArray())], [.. ranks.Select(_ => new[] { 0 })], 5, 10);
        Assert.Equal((ofRanks.HitRate[10], ofRanks.HitRate[5]), (ofLists["recall@10"].Mean, ofLists["hitRate@5"].Mean));
        Assert.Equal(ofRanks.Ndcg[10], ofLists["ndcg@10"].Mean, 1e-12);
        Assert.Equal(ofRanks.MeanReciprocalRank, ofLists["mrr"].Mean, 1e-12);
    }

    [Fact]
    public void An_interval_holds_the_mean_and_narrows_with_more_queries()
    {
        var few = new MetricSample("x", [.. Enumerable.Range(0, 100).Select(i => i % 4 == 0 ? 1.0 : 0)]);
        var many = new MetricSample("x", [.. Enumerable.Range(0, 10_000).Select(i => i % 4 == 0 ? 1.0 : 0)]);
        var ((low, high), (lower, higher)) = (few.Interval(), many.Interval());
        Assert.Equal(few.Interval(), few.Interval());

        // 1.96 · √(.25 · .75 / n).
        Assert.InRange(high - low, 0.13, 0.21);
        Assert.InRange(higher - lower, 0.014, 0.020);
        Assert.True(low < 0.25 && 0.25 < high);
    }

    [Fact]
    public void A_paired_difference_sees_what_intervals_of_means_do_not()
    {
        var one = new MetricSample("x", [.. Enumerable.Range(0, 400).Select(i => (double)(i % 10))]);
        var better = new MetricSample("x", [.. Enumerable.Range(0, 400).Select(i => (i % 10) + (i % 2 * 0.1))]);
        Assert.True(better.Interval().Low < one.Interval().High);
        Assert.True(better.Minus(one).Interval().Low > 0);
        Assert.Equal(0.05, better.Minus(one).Mean, 1e-9);
        Assert.Throws<ArgumentException>(() => one.Minus(new MetricSample("y", [1])));
    }

    [Fact]
    public void Segments_are_metrics_of_some_queries()
    {
        var sample = new MetricSample("x", [1, 0, 0, 1]);
        Assert.Equal(0.5, sample.Where(query => query >= 2).Mean);
        Assert.Throws<ArgumentException>(() => sample.Where(_ => false));
    }

    [Fact]
    public void Mistakes_are_told()
    {
        Assert.Contains("item 3 twice", Assert.Throws<ArgumentException>(() => ListMetrics.Of([[3, 3]], [[1]], 5)).Message, StringComparison.Ordinal);
        Assert.Contains("2 lists, 1 sets", Assert.Throws<ArgumentException>(() => ListMetrics.Of([[1], [2]], [[1]], 5)).Message, StringComparison.Ordinal);
        Assert.Contains("hitRate@5", Assert.Throws<KeyNotFoundException>(() => ListMetrics.Of([[1]], [[1]], 5)["hitRate@6"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lists_do_to_a_catalogue()
    {
        // Four items, chosen 6, 1, 1 and 0 times; three lists show the first one three times, the second twice, the last once.
        var metrics = CatalogueMetrics.Of([[0, 1], [0, 1], [0, 3]], [6, 1, 1, 0], (a, b) => a + b == 1 ? 0.5 : 0);
        Assert.Equal(0.75, metrics.Coverage);
        Assert.Equal(((3 * -Math.Log2(6 / 8.0)) + (2 * 3) + 3) / 6, metrics.Novelty, 1e-12);
        Assert.Equal((18 + 2) / 6.0 / (38 / 8.0), metrics.PopularityBias, 1e-12);
        Assert.Equal((0.5 + 0.5 + 1) / 3, metrics.Diversity!.Value, 1e-12);

        // 0, 1, 2, 3 of 6 places: (2 · (0·1 + 1·2 + 2·3 + 3·4) / (4 · 6)) − 5/4.
        Assert.Equal((40 / 24.0) - 1.25, metrics.Concentration, 1e-12);
        Assert.Equal(0, CatalogueMetrics.Of([[0, 1], [2, 3]], [1, 1, 1, 1]).Concentration, 1e-12);
    }
}

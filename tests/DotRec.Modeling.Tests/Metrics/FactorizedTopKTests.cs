using DotRec.Data;

namespace DotRec.Modeling.Tests;

public class FactorizedTopKTests
{
    private static readonly FeatureBatch Items = new(new Column<string>("title", ["a", "b", "c"]));

    [Fact]
    public void Figures_by_hand()
    {
        // Ranks 1, 2, not ranked, 3 with weights 1, 1, 1, 2.
        var metrics = RetrievalMetrics.FromRanks([1, 2, 0, 3], [1, 2, 10], [1, 1, 1, 2]);

        Assert.Equal([0.2, 0.4, 0.8], metrics.HitRate.Values);
        Assert.Equal((1 + 0.5 + (2 / 3.0)) / 5, metrics.MeanReciprocalRank, 1e-12);
        Assert.Equal((1 + (1 / Math.Log2(3)) + (2 / 2.0)) / 5, metrics.Ndcg[10], 1e-12);
        Assert.Equal((4, 1), (metrics.Count, metrics.UnrankedCount));
    }

    [Fact]
    public void Lists_longer_than_the_catalogue_hold_every_item()
    {
        var metrics = Evaluate([1, 1], [1, 2, 3], ["a", "c"], 5, 100);

        Assert.Equal([1.0, 1.0], metrics.HitRate.Values);
        Assert.Equal(((1 / 3.0) + 1) / 2, metrics.MeanReciprocalRank, 1e-12);
    }

    [Fact]
    public void An_id_outside_the_catalogue_is_a_miss_and_is_counted()
    {
        var metrics = Evaluate([1, 1], [1, 2, 3], ["zzz", "c"], 3);

        Assert.Equal(0.5, metrics.HitRate[3]);
        Assert.Equal(1, metrics.UnrankedCount);
    }

    [Fact]
    public void A_repeated_item_is_refused_with_its_rows()
    {
        var metric = new FactorizedTopK(new FeatureBatch(new Column<string>("title", ["a", "b", "a"])), ks: 1);

        var message = Assert.Throws<ArgumentException>(() => metric.Evaluate(
            new float[] { 1 }, new float[] { 1, 2, 3 }, new Column<string>("title", ["a"]), cancellation: TestContext.Current.CancellationToken)).Message;

        Assert.Contains("'a' in rows 0 and 2", message, StringComparison.Ordinal);
        Assert.Contains("DistinctBy", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_that_are_not_finite_are_refused_by_row()
    {
        var message = Assert.Throws<ArgumentException>(() => Evaluate([1], [1, float.NaN, 3], ["a"], 1)).Message;

        Assert.Contains("item embedding of row 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_of_another_type_are_refused_because_none_would_be_found()
    {
        var metric = new FactorizedTopK(Items);

        var message = Assert.Throws<ArgumentException>(() => metric.Evaluate(
            new float[] { 1 }, new float[] { 1, 2, 3 }, new Column<long>("title", [1]), cancellation: TestContext.Current.CancellationToken)).Message;

        Assert.Contains("types differ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_id_column_must_be_named_when_there_are_several()
    {
        var metric = new FactorizedTopK(new FeatureBatch(new Column<string>("id", ["a"]), new Column<string>("title", ["A"])));

        Assert.Contains("id, title", Assert.Throws<InvalidOperationException>(() => metric.IdColumn).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FactorizedTopK(Items, "title", 0));
    }

    [Fact]
    public void Weights_that_sum_to_nothing_are_refused() =>
        Assert.Throws<ArgumentException>(() => RetrievalMetrics.FromRanks([1, 2], [1], [0, 0]));

    private static RetrievalMetrics Evaluate(float[] queries, float[] items, string[] ids, params int[] ks) =>
        new FactorizedTopK(Items, "title", ks).Evaluate(queries, items, new Column<string>("title", ids), cancellation: TestContext.Current.CancellationToken);
}

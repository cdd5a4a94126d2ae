using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class QueryMetricsTests
{
    [Fact]
    public void Values_by_hand()
    {
        // The list is ranked 3, 1, 2 (labels 0, 2, 1): DCG = 3 / log2 3 + 1 / 2, ideal 3 + 1 / log2 3.
        var metrics = One([0.2f, 0.1f, 0.9f], [2, 1, 0], relevantFrom: 2);

        Assert.Equal(((3 / Math.Log2(3)) + 0.5) / (3 + (1 / Math.Log2(3))), metrics.FullNdcg, 1e-12);
        Assert.Equal(metrics.FullNdcg, metrics.Ndcg[5], 1e-12);
        Assert.Equal(0, metrics.Ndcg[1]);
        Assert.Equal((0.5, 0.5, 0.5), (metrics.ReciprocalRank, metrics.AveragePrecision, metrics.Auc));
        Assert.Equal((0, 0.2), (metrics.Precision[1], metrics.Precision[5]));
    }

    [Fact]
    public void Ties_count_as_the_mean_over_all_their_orders()
    {
        var random = new SeededRandom(3);
        for (var trial = 0; trial < 30; trial++)
        {
            var count = 2 + random.NextInt(4);
            float[] labels = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextInt(3))];
            (labels[0], labels[^1]) = (2, 0);
            float[] scores = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextInt(2))];
            var tied = One(scores, labels);

            // Scores apart within their ties, in every order.
            var orders = Permutations(count).Select(order => One([.. scores.Select((score, i) => score + (0.001f * order[i]))], labels)).ToArray();

            Assert.Equal(orders.Average(one => one.FullNdcg), tied.FullNdcg, 1e-10);
            Assert.Equal(orders.Average(one => one.Ndcg[2]), tied.Ndcg[2], 1e-10);
            Assert.Equal(orders.Average(one => one.Precision[2]), tied.Precision[2], 1e-10);
            Assert.Equal(orders.Average(one => one.ReciprocalRank), tied.ReciprocalRank, 1e-10);
            Assert.Equal(orders.Average(one => one.AveragePrecision), tied.AveragePrecision, 1e-10);
            Assert.Equal(orders.Average(one => one.Auc), tied.Auc, 1e-10);
        }
    }

    [Fact]
    public void Figures_lie_in_0_to_1_are_1_for_the_ideal_order_and_see_only_the_order_of_scores()
    {
        var random = new SeededRandom(4);
        float[] scores = [.. Enumerable.Range(0, 400).Select(_ => (float)random.NextNormal())];
        float[] labels = [.. Enumerable.Range(0, 400).Select(_ => (float)random.NextInt(5))];
        var queries = RowGroups.Of<int>([.. Enumerable.Range(0, 400).Select(_ => random.NextInt(40))]);

        var metrics = QueryMetrics.Of(scores, labels, queries);
        var ideal = QueryMetrics.Of(labels, labels, queries);
        var mapped = QueryMetrics.Of([.. scores.Select(score => MathF.Exp(score) - 7)], labels, queries);
        var order = Enumerable.Range(0, 400).ToArray();
        random.Shuffle<int>(order);
        var shuffled = QueryMetrics.Of([.. order.Select(i => scores[i])], [.. order.Select(i => labels[i])], queries.Select(order));

        Assert.All(All(metrics), value => Assert.InRange(value, 0, 1));
        Assert.All(ideal.Ndcg.Values.Append(ideal.FullNdcg), value => Assert.Equal(1, value, 1e-12));
        Assert.Equal((1, 1, 1), (ideal.ReciprocalRank, ideal.AveragePrecision, ideal.Auc));
        Assert.Equal(All(metrics), All(mapped));
        Assert.All(All(metrics).Zip(All(shuffled)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Queries_in_which_a_figure_has_no_meaning_are_left_out_and_counted()
    {
        // Query 0 ranks its two items wrong, query 1 is all zeros, query 2 has no item of label 2 and ranks right.
        var queries = RowGroups.OfLength(2, 3);
        var metrics = QueryMetrics.Of([0, 1, 0, 1, 1, 0], [2, 0, 0, 0, 1, 0], queries, relevantFrom: 2);

        Assert.Equal(1, metrics.UniformCount);
        Assert.Equal((3, 1, 2), (metrics.QueryCount, metrics.UngradedCount, metrics.IrrelevantCount));
        Assert.Equal((1 + (1 / Math.Log2(3))) / 2, metrics.FullNdcg, 1e-12);
        Assert.Equal((0.5, 0), (metrics.ReciprocalRank, metrics.Auc));
        Assert.Equal(double.NaN, One([1, 2], [0, 0]).FullNdcg);
    }

    [Fact]
    public void Queries_of_one_row_or_of_one_label_have_no_order_and_change_no_figure()
    {
        float[] scores = [0.3f, 0.1f, 0.9f], labels = [2, 1, 0];
        var alone = QueryMetrics.Of(scores, labels, RowGroups.OfLength(3, 1));
        var beside = QueryMetrics.Of([.. scores, 5, 1, 2], [.. labels, 1, 1, 1], RowGroups.Of<int>([0, 0, 0, 1, 2, 2]));
        Assert.Equal((3, 2, 0), (beside.QueryCount, beside.UniformCount, beside.UngradedCount));
        Assert.Equal(All(alone), All(beside));
        Assert.All(All(QueryMetrics.Of([1, 2], [1, 0], RowGroups.OfLength(1, 2))), value => Assert.Equal(double.NaN, value));
    }

    [Fact]
    public void A_query_of_weight_three_is_the_query_three_times()
    {
        float[] scores = [0, 1, 1, 0], labels = [1, 0, 1, 0];
        var weighed = QueryMetrics.Of(scores, labels, RowGroups.OfLength(2, 2), [3, 3, 1, 1]);
        var repeated = QueryMetrics.Of([0, 1, 0, 1, 0, 1, 1, 0], [1, 0, 1, 0, 1, 0, 1, 0], RowGroups.OfLength(2, 4));

        Assert.All(All(weighed).Zip(All(repeated)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void What_cannot_be_ranked_is_refused_with_its_row()
    {
        Assert.Contains("Row 1 has score NaN", Message([0, float.NaN], [1, 0]), StringComparison.Ordinal);
        Assert.Contains("label -1", Message([0, 1], [1, -1]), StringComparison.Ordinal);
        Assert.Contains("label 1000", Message([0, 1], [1, 1000]), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => QueryMetrics.Of([0, 1, 2], [0, 1, 2], RowGroups.OfLength(2, 1)));
        Assert.Throws<ArgumentException>(() => QueryMetrics.Of([0, 1], [0, 1], RowGroups.OfLength(2, 1), cutoffs: [0]));
    }

    private static string Message(float[] scores, float[] labels) => Assert.Throws<ArgumentException>(() => One(scores, labels)).Message;

    private static QueryMetrics One(float[] scores, float[] labels, float relevantFrom = 1) =>
        QueryMetrics.Of(scores, labels, RowGroups.OfLength(scores.Length, 1), cutoffs: [1, 2, 5], relevantFrom: relevantFrom);

    private static double[] All(QueryMetrics metrics) =>
        [.. metrics.Ndcg.Values, .. metrics.Precision.Values, metrics.FullNdcg, metrics.ReciprocalRank, metrics.AveragePrecision, metrics.Auc];

    private static IEnumerable<int[]> Permutations(int count) => count == 0
        ? [[]]
        : Permutations(count - 1).SelectMany(shorter => Enumerable.Range(0, count).Select(at => shorter[..at].Append(count - 1).Concat(shorter[at..]).ToArray()));
}

using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class PointwiseMetricsTests
{
    [Fact]
    public void The_area_under_the_curve_counts_pairs_and_ties_half()
    {
        // Scores on a coarse grid, so that ties are many.
        var random = new SeededRandom(2);
        float[] scores = [.. Enumerable.Range(0, 200).Select(_ => random.NextInt(12) / 11f)];
        float[] labels = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextInt(2))];
        float[] weights = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextInt(4))];

        foreach (var w in new[] { weights, [] })
        {
            double W(int i) => w.Length == 0 ? 1 : w[i];
            var pairs = (from i in Enumerable.Range(0, 200) from j in Enumerable.Range(0, 200) where labels[i] == 1 && labels[j] == 0 select (i, j)).ToArray();
            var won = pairs.Sum(pair => W(pair.i) * W(pair.j) * (scores[pair.i] > scores[pair.j] ? 1 : scores[pair.i] == scores[pair.j] ? 0.5 : 0));

            Assert.Equal(won / pairs.Sum(pair => W(pair.i) * W(pair.j)), BinaryMetrics.Of(scores, labels, w).Auc, 1e-12);
        }

        Assert.Equal(double.NaN, BinaryMetrics.Of([0.1f, 0.2f], [1, 1]).Auc);
    }

    [Fact]
    public void A_weight_of_three_is_the_example_three_times()
    {
        Assert.Equal(BinaryMetrics.Of([0.2f, 0.7f, 0.7f, 0.7f], [0, 1, 1, 1]).LogLoss, BinaryMetrics.Of([0.2f, 0.7f], [0, 1], [1, 3]).LogLoss, 1e-12);
        var (weighed, repeated) = (RatingMetrics.Of([3, 1], [4, 3], [1, 3]), RatingMetrics.Of([3, 1, 1, 1], [4, 3, 3, 3]));
        Assert.Equal(repeated.Rmse, weighed.Rmse, 1e-12);
        Assert.Equal(repeated.Mae, weighed.Mae, 1e-12);
    }

    [Fact]
    public void Errors_and_calibration_are_as_defined()
    {
        var ratings = RatingMetrics.Of([3, 1], [4, 3]);
        Assert.Equal((Math.Sqrt(2.5), 1.5, 2, 3.5), (ratings.Rmse, ratings.Mae, ratings.PredictionMean, ratings.LabelMean));

        var clicks = BinaryMetrics.Of([0.5f, 0.75f, 0.25f, 0.5f], [1, 1, 0, 0]);
        Assert.Equal((0.75, 1), (clicks.Accuracy, clicks.Calibration));
    }

    [Fact]
    public void Rows_that_cannot_be_judged_are_refused()
    {
        Assert.Contains("Row 1 has probability 1.5", Assert.Throws<ArgumentException>(() => BinaryMetrics.Of([1, 1.5f], [1, 1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Of([float.NaN], [1]));
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Of([0.5f], [0.5f]));
        Assert.Throws<ArgumentException>(() => RatingMetrics.Of([], []));
        Assert.Throws<ArgumentException>(() => RatingMetrics.Of([1], [1], [0]));
        Assert.Throws<ArgumentException>(() => RatingMetrics.Of([1, 2], [1]));
    }
}

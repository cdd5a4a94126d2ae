using DotRec.Autodiff;
using DotRec.Modeling;

namespace DotRec.Extensions.Tests;

public class OwnLossTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_pointwise_loss_of_ones_own_trains_as_the_ready_one_where_it_is_the_same()
    {
        var (own, ready) = (Films.Ranker(new Ranking(new Squares())), Films.Ranker(new Ranking(PointwiseLoss.SquaredError)));
        own.Fit(Films.Ratings.Train, Films.Options, Token);
        ready.Fit(Films.Ratings.Train, Films.Options, Token);

        Assert.Equal(Films.Weights(ready), Films.Weights(own));
        Assert.Equal(ready.Evaluate(Films.Ratings.Test, cancellationToken: Token).Metrics, own.Evaluate(Films.Ratings.Test, cancellationToken: Token).Metrics);
    }

    [Fact]
    public void A_pointwise_loss_of_ones_own_is_reduced_weighted_and_says_which_labels_it_takes()
    {
        var predictions = Tensor.From([1f, 2f], 2);
        predictions.RequiresGradient = true;
        var loss = new Ranking(new Poisson()) { Reduction = LossReduction.Sum }.ComputeLoss(predictions, new float[] { 3, 0 }, new float[] { 1, 2 });
        loss.Value.Backward();

        // e¹ − 3 · 1, and twice e².
        Assert.Equal(Math.E - 3 + (2 * Math.Exp(2)), loss.Value.Scalar, 1e-5);
        Assert.Equal([(float)(Math.E - 3), (float)(2 * Math.Exp(2))], predictions.Gradient!.Values.ToArray());
        Assert.Equal("The label of row 1 is -1; counts are 0 or more. (Parameter 'labels')", Assert.Throws<ArgumentException>(
            () => new Ranking(new Poisson()).ComputeLoss(predictions, new float[] { 3, -1 })).Message);
    }

    [Fact]
    public void Losses_of_lists_and_pairs_of_ones_own_learn_the_order()
    {
        foreach (var loss in new ListLoss[] { new SquaredHinge(), new Mse() })
        {
            var model = new RankingModel(Films.Ranker(new Ranking()).Network, "rating", new Ranking(loss)) { QueryIdColumn = "user_id" };
            var before = model.Evaluate(Films.Ratings.Train, cancellationToken: Token).Queries.FullNdcg;

            model.Fit(Films.Ratings.Train, model.DefaultFitOptions with { Epochs = 5, Optimizer = new Adam(0.01) }, Token);

            Assert.True(model.Evaluate(Films.Ratings.Train, cancellationToken: Token).Queries.FullNdcg > before + 0.01);
        }
    }

    [Fact]
    public void A_metric_of_ones_own_is_reported_and_stops_a_fit()
    {
        var model = Films.Ranker(new Ranking(PointwiseLoss.SquaredError));

        // Falls for two epochs, then rises: an error that is least after the second.
        var asked = 0;
        var error = new ValidationMetric("cost", HigherIsBetter: false, rows =>
        {
            Assert.Equal(rows.RowCount, model.Predict(rows).Length);
            return Math.Abs(++asked - 2);
        });
        var options = Films.Options with
        {
            Epochs = 10,
            Validation = Films.Ratings.Test,
            ValidationMetrics = [error],
            EarlyStopping = new EarlyStopping("cost") { Patience = 1 },
        };

        var fit = model.Fit(Films.Ratings.Train, options, Token);

        Assert.Equal((true, 2), (fit.StoppedEarly, fit.BestEpoch));
        Assert.Equal([1d, 0, 1, 2], fit.Epochs.Select(epoch => epoch.ValidationMetrics!["cost"]));

        // Told that higher is better, the first epoch's 1 is beaten by none of the next two but by the rest.
        asked = 0;
        var up = options with { ValidationMetrics = [error with { HigherIsBetter = true }], EarlyStopping = new EarlyStopping("cost") { Patience = 2 } };
        Assert.Equal((false, 10), model.Fit(Films.Ratings.Train, up, Token) is var second ? (second.StoppedEarly, second.BestEpoch) : default);
        Assert.Contains("'rmse'", Assert.Throws<ArgumentException>(
            () => model.Fit(Films.Ratings.Train, options with { ValidationMetrics = [error with { Name = "rmse" }] }, Token)).Message, StringComparison.Ordinal);
    }

    private sealed class Squares : PointwiseLoss
    {
        protected override (double Loss, double Slope) Compute(double prediction, double label) =>
            ((prediction - label) * (prediction - label), 2 * (prediction - label));
    }

    /// <summary>Counts y, of which the model predicts the logarithm of the mean.</summary>
    private sealed class Poisson : PointwiseLoss
    {
        protected override (double Loss, double Slope) Compute(double prediction, double label) =>
            (Math.Exp(prediction) - (label * prediction), Math.Exp(prediction) - label);

        protected override string? RefusalOf(float label) => label >= 0 ? null : "counts are 0 or more";
    }

    private sealed class SquaredHinge : PairwiseLoss
    {
        protected override (double Loss, double Slope) Of(double difference) =>
            difference >= 1 ? (0, 0) : ((1 - difference) * (1 - difference), -2 * (1 - difference));
    }

    private sealed class Mse : ListLoss
    {
        protected override double Compute(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<double> slopes)
        {
            double sum = 0;
            for (var i = 0; i < scores.Length; i++)
            {
                sum += weights[i] * (scores[i] - labels[i]) * (scores[i] - labels[i]);
                slopes[i] = 2 * weights[i] * (scores[i] - labels[i]);
            }

            return sum;
        }
    }
}

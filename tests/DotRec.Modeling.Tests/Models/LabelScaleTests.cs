using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Modeling.Tests;

public class LabelScaleTests
{
    [Fact]
    public void The_scale_is_mean_and_deviation_whatever_the_middle()
    {
        var scale = LabelScale.Of(new Column<double>("price", [1_000_000_001, 1_000_000_003]));
        Assert.Equal(new LabelScale(1_000_000_002, 1), scale);
        Assert.Equal(new LabelScale(7, 1), LabelScale.Of(new Column<long>("n", [7, 7, 7])));
        Assert.StartsWith("Column 'n: Float32' has no scale", Assert.Throws<ArgumentException>(() => LabelScale.Of(new Column<float>("n", [float.NaN]))).Message);
    }

    [Fact]
    public void Scales_that_cannot_be_are_refused()
    {
        var data = Rows(100, middle: 0, spread: 1);
        Assert.StartsWith(
            "LabelScale { Mean = 1, Deviation = 0 } cannot scale the labels of",
            Assert.Throws<ArgumentException>(() => Model(data, new LabelScale(1, 0), PointwiseLoss.SquaredError)).Message);
        Assert.Throws<ArgumentException>(() => Model(data, new LabelScale(1, 2), PointwiseLoss.BinaryCrossEntropyOfLogits));
    }

    [Theory]
    [InlineData(1e6, 1000)]
    [InlineData(-3e8, 1e5)]
    [InlineData(0, 1e-6)]
    [InlineData(3.5, 0.5)]
    public void Training_is_the_same_wherever_the_labels_lie(double middle, double spread)
    {
        var data = Rows(400, middle, spread);
        var scale = LabelScale.Of(data["y"]);
        var model = Model(data, scale, PointwiseLoss.SquaredError);
        model.Fit(data, new FitOptions { Optimizer = new Adam(0.02), BatchSize = 50, Epochs = 60 }, TestContext.Current.CancellationToken);
        var rmse = model.Evaluate(data, cancellationToken: TestContext.Current.CancellationToken).Rating!.Rmse;
        Assert.True(rmse < 0.1 * scale.Deviation, $"{rmse} with labels of deviation {scale.Deviation}");

        using var session = new OnnxSession(model.Export());
        foreach (var (expected, actual) in model.Predict(data).Zip(session.Embed(data)))
        {
            Assert.Equal(expected, actual, (1e-5 * scale.Deviation) + MathF.BitIncrement(MathF.Abs(expected)) - MathF.Abs(expected));
        }
    }

    [Fact]
    public void A_model_of_probabilities_starts_at_the_mean_of_its_labels_and_is_served_so()
    {
        var labels = new Column<float>("y", [.. Enumerable.Range(0, 400).Select(row => row % 40 == 0 ? 1f : 0)]);
        var data = Rows(400, middle: 0, spread: 1).With(labels);
        var scale = LabelScale.OfProbability(labels);
        Assert.Equal((Math.Log(10.5 / 390.5), 1), (scale.Mean, scale.Deviation));
        var model = Model(data, scale, PointwiseLoss.BinaryCrossEntropyOfLogits);
        Assert.All(model.Predict(data), probability => Assert.Equal(10.5 / 401, probability, 1e-6));
        Assert.Equal(model.Evaluate(data, cancellationToken: TestContext.Current.CancellationToken).Loss, model.Evaluate(data, cancellationToken: TestContext.Current.CancellationToken).Binary.LogLoss, 1e-6);

        model.Fit(data, new FitOptions { Optimizer = new Adam(0.01), BatchSize = 50, Epochs = 3 }, TestContext.Current.CancellationToken);
        using var session = new OnnxSession(model.Export());
        Assert.All(model.Predict(data).Zip(session.Embed(data)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Contains("labels in 0 … 1 only", Assert.Throws<ArgumentException>(() => LabelScale.OfProbability(new Column<float>("y", [2f]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_saved_with_its_scale_and_predicts_in_units_of_the_label_when_it_is_loaded()
    {
        var path = Path.Combine(Path.GetTempPath(), $"dotrec-{Guid.NewGuid():N}");
        try
        {
            var data = Rows(200, middle: 1e6, spread: 500);
            var model = Model(data, LabelScale.Of(data["y"]), PointwiseLoss.SquaredError);
            model.Fit(data, new FitOptions { Optimizer = new Adam(0.02), BatchSize = 50, Epochs = 5 }, TestContext.Current.CancellationToken);
            model.Save(path);

            var loaded = Model(data, LabelScale.None, PointwiseLoss.SquaredError);
            loaded.Load(path);

            Assert.Equal(model.LabelScale, loaded.LabelScale);
            Assert.Equal(model.Predict(data), loaded.Predict(data));
            Assert.All(loaded.Predict(data), prediction => Assert.InRange(prediction, 9e5, 1.1e6));

            // A loss that knows no scale refuses the file, and stays as it is.
            var other = Model(data, LabelScale.None, PointwiseLoss.BinaryCrossEntropyOfLogits);
            var before = other.Predict(data);
            Assert.Contains("cannot scale the labels of", Assert.Throws<ArtifactFormatException>(() => other.Load(path)).Message, StringComparison.Ordinal);
            Assert.Equal(before, other.Predict(data));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static FeatureBatch Rows(int count, double middle, double spread)
    {
        var x = Enumerable.Range(0, count).Select(row => (float)Math.Sin(row * 0.7)).ToArray();
        return new FeatureBatch(new Column<float>("x", x), new Column<double>("y", Array.ConvertAll(x, value => middle + (spread * value))));
    }

    private static RankingModel Model(FeatureBatch data, LabelScale scale, PointwiseLoss loss) =>
        new(new LogisticRegression(Fields.Of(data, ["x"])), "y", new Ranking(loss)) { LabelScale = scale };
}

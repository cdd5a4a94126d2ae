using DotRec.Data;

namespace DotRec.Modeling.Tests;

public class PermutationImportanceTests
{
    private static readonly FeatureBatch Data = LinearRows.Of(400, seed: 3);
    private static readonly float[] Labels = LinearRows.Predict(Data);

    [Fact]
    public void A_column_that_is_not_read_is_worth_nothing_and_heavier_ones_are_worth_more()
    {
        var importance = Measure(LinearRows.Predict, Data, FeatureGroup.Each(["a", "b", "c", "unused"]), [PredictionMetric.Rmse(Labels), PredictionMetric.Mae(Labels)]);
        Assert.Equal([0.0, 0.0], importance.Baseline);
        double Fall(int feature, int metric = 0) => importance.Features[feature].Falls[metric].Mean;
        Assert.Equal(0, Fall(3));
        Assert.Equal(0, importance.Features[3].Falls[0].Deviation);
        Assert.True(Fall(0) > Fall(1) && Fall(1) > Fall(2) && Fall(2) > 0);
        Assert.True(Fall(0, 1) > Fall(1, 1));
    }

    [Fact]
    public void Shuffling_a_linear_term_costs_the_root_of_twice_its_variance()
    {
        var importance = Measure(LinearRows.Predict, Data, FeatureGroup.Each(["a"]), [PredictionMetric.Rmse(Labels)], repeats: 40);
        var a = Data.Get<float>("a").Values.ToArray();
        var mean = a.Average(value => (double)value);
        var expected = Math.Sqrt(2 * a.Average(value => Math.Pow(LinearRows.Weights[0] * (value - mean), 2)));
        var fall = importance.Features[0].Falls[0];
        Assert.Equal(expected, fall.Mean, 4 * fall.Deviation / Math.Sqrt(40));
    }

    [Fact]
    public void Columns_of_one_feature_are_shuffled_together()
    {
        // The prediction is whether both columns are equal, as they are in every row.
        var values = Enumerable.Range(0, 200).Select(i => (float)i).ToArray();
        var twins = new FeatureBatch(new Column<float>("one", values), new Column<float>("other", values));
        float[] Equal(FeatureBatch rows) => [.. rows.Get<float>("one").Values.ToArray().Zip(rows.Get<float>("other").Values.ToArray(), (one, other) => one == other ? 1f : 0f)];
        PredictionMetric[] metrics = [PredictionMetric.Rmse(Equal(twins))];
        Assert.Equal(0, Measure(Equal, twins, [new FeatureGroup("both", "one", "other")], metrics).Features[0].Falls[0].Mean);
        Assert.All(Measure(Equal, twins, FeatureGroup.Each(["one", "other"]), metrics).Features, feature => Assert.True(feature.Falls[0].Mean > 0.9));
    }

    [Fact]
    public void A_fall_of_AUC_and_a_rise_of_log_loss_both_count_as_worse()
    {
        float[] labels = [.. Labels.Select(label => label > Labels.Average() ? 1f : 0f)];
        float[] Probabilities(FeatureBatch rows) => [.. LinearRows.Predict(rows).Select(score => 1 / (1 + MathF.Exp(Labels.Average() - score)))];
        var importance = Measure(Probabilities, Data, FeatureGroup.Each(["a"]), [PredictionMetric.Auc(labels), PredictionMetric.LogLoss(labels)]);
        Assert.Equal(1, importance.Baseline[0]);
        Assert.All(importance.Features[0].Falls, fall => Assert.True(fall.Mean > 0.05));
    }

    [Fact]
    public void The_seed_decides_the_shuffles_and_each_repeat_takes_one_prediction()
    {
        var calls = 0;
        float[] Counted(FeatureBatch rows)
        {
            calls++;
            return LinearRows.Predict(rows);
        }

        MetricFall First(ulong seed) => Measure(Counted, Data, FeatureGroup.Each(["a", "b"]), [PredictionMetric.Rmse(Labels)], repeats: 3, seed).Features[0].Falls[0];
        Assert.Equal(First(1), First(1));
        Assert.NotEqual(First(1), First(2));
        Assert.Equal(4 * (1 + (2 * 3)), calls);
    }

    [Fact]
    public void Wrong_features_and_models_are_refused()
    {
        PredictionMetric[] metrics = [PredictionMetric.Rmse(Labels)];
        Assert.Throws<ArgumentException>(() => Measure(LinearRows.Predict, Data, [], metrics));
        Assert.Throws<ArgumentException>(() => Measure(LinearRows.Predict, Data, [new FeatureGroup("empty")], metrics));
        Assert.Throws<ArgumentException>(() => Measure(LinearRows.Predict, Data, FeatureGroup.Each(["missing"]), metrics));
        Assert.Throws<ArgumentException>(() => Measure(LinearRows.Predict, Data, FeatureGroup.Each(["a", "a"]), metrics));
        Assert.Throws<ArgumentException>(() => Measure(LinearRows.Predict, Data, FeatureGroup.Each(["a"]), []));
        Assert.Throws<InvalidOperationException>(() => Measure(_ => [1f], Data, FeatureGroup.Each(["a"]), metrics));
        Assert.Throws<InvalidOperationException>(() => Measure(rows => [.. Enumerable.Repeat(float.NaN, rows.RowCount)], Data, FeatureGroup.Each(["a"]), metrics));
    }

    private static PermutationImportance Measure(
        Func<FeatureBatch, float[]> predict, FeatureBatch data, IReadOnlyList<FeatureGroup> features, IReadOnlyList<PredictionMetric> metrics, int repeats = 5, ulong seed = 0) =>
        PermutationImportance.Of(predict, data, features, metrics, repeats, seed, cancellation: TestContext.Current.CancellationToken);
}

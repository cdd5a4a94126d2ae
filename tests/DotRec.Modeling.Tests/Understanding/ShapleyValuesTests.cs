using DotRec.Data;

namespace DotRec.Modeling.Tests;

public class ShapleyValuesTests
{
    private static readonly IReadOnlyList<FeatureGroup> Each = FeatureGroup.Each(["a", "b", "c", "unused"]);
    private static readonly FeatureBatch Background = LinearRows.Of(30, seed: 1);
    private static readonly FeatureBatch Rows = LinearRows.Of(5, seed: 2);
    private static readonly ShapleyOptions Exact = new();
    private static readonly ShapleyOptions Sampled = new() { ExactUpTo = 0 };

    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Contributions_add_up_to_the_prediction_less_the_mean_one(bool exact)
    {
        var predictions = LinearRows.PredictProducts(Rows);
        var mean = LinearRows.PredictProducts(Background).Average(value => (double)value);
        var explained = Explain(LinearRows.PredictProducts, exact);
        Assert.Equal(Rows.RowCount, explained.Count);
        for (var row = 0; row < explained.Count; row++)
        {
            Assert.Equal(predictions[row], explained[row].Prediction);
            Assert.Equal(mean, explained[row].Baseline, 1e-12);
            Assert.Equal(predictions[row] - mean, explained[row].Features.Sum(feature => feature.Value), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_column_the_model_does_not_read_gets_nothing(bool exact) =>
        Assert.All(Explain(LinearRows.PredictProducts, exact), row => Assert.Equal((0, 0), (row.Features[3].Value, row.Features[3].StandardError)));

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_linear_model_gives_weight_times_distance_from_the_mean(bool exact)
    {
        var explained = Explain(LinearRows.Predict, exact);
        for (var row = 0; row < explained.Count; row++)
        {
            for (var feature = 0; feature < 3; feature++)
            {
                var name = Each[feature].Name;
                var mean = Background.Get<float>(name).Values.ToArray().Average(value => (double)value);
                Assert.Equal(LinearRows.Weights[feature] * (Rows.Get<float>(name).Values[row] - mean), explained[row].Features[feature].Value, 1e-5);
            }
        }
    }

    [Fact]
    public void Columns_that_the_model_treats_alike_get_the_same_for_the_same_values()
    {
        var rows = Rows.With(Rows["b"].Rename("c"));
        var background = Background.With(Background["b"].Rename("c"));
        Assert.All(Values(LinearRows.PredictProducts, rows, background, Each), row => Assert.Equal(row.Features[1].Value, row.Features[2].Value, 1e-9));
    }

    [Fact]
    public void Sampling_comes_as_near_the_exact_values_as_its_standard_error_says()
    {
        var exact = Explain(LinearRows.PredictProducts, exact: true);
        var sampled = Values(LinearRows.PredictProducts, Rows, Background, Each, Sampled with { Orders = 2000 });
        for (var row = 0; row < exact.Count; row++)
        {
            Assert.All(exact[row].Features.Zip(sampled[row].Features), pair => Assert.Equal(pair.First.Value, pair.Second.Value, (4 * pair.Second.StandardError) + 1e-9));
            Assert.All(exact[row].Features, feature => Assert.Equal(0, feature.StandardError));
        }
    }

    [Fact]
    public void Columns_of_one_feature_enter_together()
    {
        var both = Values(LinearRows.Predict, Rows, Background, [new FeatureGroup("a and b", "a", "b"), new FeatureGroup("c", "c")]);
        var each = Explain(LinearRows.Predict, exact: true);
        Assert.All(both.Zip(each), pair => Assert.Equal(pair.Second.Features[0].Value + pair.Second.Features[1].Value, pair.First.Features[0].Value, 1e-5));
    }

    [Fact]
    public void Many_features_are_explained_in_few_model_calls_the_same_for_the_same_seed()
    {
        var names = Enumerable.Range(0, 39).Select(i => $"x{i}").ToArray();
        var data = new FeatureBatch([.. names.Select((name, i) => new Column<float>(name, [.. Enumerable.Range(0, 60).Select(row => (float)Math.Sin((i * 7) + row))]))]);
        var calls = 0;
        float[] Product(FeatureBatch rows)
        {
            calls++;
            return [.. Enumerable.Range(0, rows.RowCount).Select(row => MathF.Tanh(names.Sum(name => rows.Get<float>(name).Values[row])) * rows.Get<float>("x3").Values[row])];
        }

        var (one, background) = (data.Slice(0, 1), data.Slice(10, 50));
        Contributions Of(ulong seed) => Values(Product, one, background, FeatureGroup.Each(names), new ShapleyOptions { Seed = seed, Orders = 100 })[0];
        var first = Of(1);
        Assert.InRange(calls, 1, 4);
        Assert.Equal(first.Prediction - first.Baseline, first.Features.Sum(feature => feature.Value), 1e-6);
        Assert.Equal(first.Features.Select(feature => feature.Value), Of(1).Features.Select(feature => feature.Value));
        Assert.NotEqual(first.Features.Select(feature => feature.Value), Of(2).Features.Select(feature => feature.Value));
    }

    [Fact]
    public void A_trained_model_is_explained_over_every_kind_of_column()
    {
        var data = ClickRows.Of(300, seed: 1);
        string[] columns = ["user", "item", "age", "visits", "title", "tags"];
        var model = new RankingModel(new DeepCrossNetwork(Fields.Of(data, columns, ClickRows.Options), hidden: [8]), "clicked");
        model.Fit(data, new FitOptions { Epochs = 2, BatchSize = 64, Optimizer = new Adam(0.01) }, TestContext.Current.CancellationToken);
        var explained = Values(model.Predict, data.Slice(0, 3), data.Slice(100, 20), FeatureGroup.Each(columns));
        var predictions = model.Predict(data.Slice(0, 3));
        Assert.All(explained.Zip(predictions), pair => Assert.Equal(pair.Second - pair.First.Baseline, pair.First.Features.Sum(feature => feature.Value), 1e-5));
    }

    [Fact]
    public void One_feature_gets_everything_and_no_background_is_refused()
    {
        foreach (var options in (ShapleyOptions[])[Exact, Sampled])
        {
            var only = Values(LinearRows.Predict, Rows, Background.Slice(0, 1), [new FeatureGroup("all", "a", "b", "c")], options)[0];
            Assert.Equal(only.Prediction - only.Baseline, only.Features[0].Value, 1e-6);
        }

        Assert.Throws<ArgumentException>(() => Values(LinearRows.Predict, Rows, Background.Slice(0, 0), Each));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapleyOptions { Orders = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapleyOptions { ExactUpTo = 21 });
    }

    private static IReadOnlyList<Contributions> Explain(Func<FeatureBatch, float[]> predict, bool exact) =>
        Values(predict, Rows, Background, Each, exact ? Exact : Sampled);

    private static IReadOnlyList<Contributions> Values(
        Func<FeatureBatch, float[]> predict, FeatureBatch rows, FeatureBatch background, IReadOnlyList<FeatureGroup> features, ShapleyOptions? options = null) =>
        ShapleyValues.Of(predict, rows, background, features, options, TestContext.Current.CancellationToken);
}

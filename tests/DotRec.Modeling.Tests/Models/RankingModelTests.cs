using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class RankingModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(NetworkStructure.Stacked)]
    [InlineData(NetworkStructure.Parallel)]
    public void It_learns_what_only_a_product_of_features_tells(NetworkStructure structure)
    {
        var (train, test) = (Clicks(4000, seed: 1), Clicks(1000, seed: 2));
        var model = Model(train, structure);
        model.Fit(train, new FitOptions { Epochs = 10, BatchSize = 256, Optimizer = new Adam(0.01) }, Token);
        var evaluation = model.Evaluate(test, cancellation: Token);
        Assert.True(evaluation.Binary!.Auc > 0.95, evaluation.Binary.ToString());
        Assert.Equal(evaluation.Binary.LogLoss, evaluation.Loss, 1e-4);
        Assert.Equal(evaluation.Metrics["auc"], evaluation.Binary.Auc);
    }

    [Theory]
    [InlineData(NetworkStructure.Stacked)]
    [InlineData(NetworkStructure.Parallel)]
    public void Its_ONNX_form_gives_its_predictions(NetworkStructure structure)
    {
        var train = Clicks(500, seed: 1);
        var model = Model(train, structure);
        model.Fit(train, new FitOptions { Epochs = 1, Optimizer = new Adam(0.01) }, Token);
        using var session = new OnnxSession(model.Export());
        foreach (var rows in new[] { train, Clicks(1, seed: 3), Strange() })
        {
            var expected = model.Predict(rows);
            var actual = session.Embed(rows);
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], actual[i], 1e-5f);
            }
        }
    }

    [Fact]
    public void Ratings_are_measured_by_their_distance()
    {
        var train = Clicks(500, seed: 1);
        var model = new RankingModel(Network(train, NetworkStructure.Stacked), "clicked", new Ranking(PointwiseLoss.SquaredError));
        model.Fit(train, new FitOptions { Epochs = 1, Optimizer = new Adam(0.01) }, Token);
        var evaluation = model.Evaluate(train, cancellation: Token);
        Assert.Null(evaluation.Binary);
        Assert.Equal(evaluation.Loss, evaluation.Rating!.Rmse * evaluation.Rating.Rmse, 1e-4);
        Assert.Equal(evaluation.Rating.Mae, evaluation.Metrics["mae"]);
    }

    [Fact]
    public void Every_field_has_its_block_of_the_inputs()
    {
        var train = Clicks(50, seed: 1);
        var network = Network(train, NetworkStructure.Stacked);
        Assert.Throws<InvalidOperationException>(() => network.Blocks);
        new RankingModel(network, "clicked").Predict(train);
        Assert.Equal([new("user", 0, 8), new("item", 8, 8), new("age", 16, 1), new("tags", 17, 8)], network.Blocks);
    }

    [Theory]
    [InlineData(2f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void A_label_that_is_none_is_named(float label)
    {
        var train = Clicks(50, seed: 1);
        var labels = train.Get<float>("clicked").Values.ToArray();
        labels[7] = label;
        var broken = train.With(new Column<float>("clicked", labels));
        var model = Model(train, NetworkStructure.Stacked);
        var error = Assert.Throws<ArgumentException>(() => model.Fit(broken, cancellation: Token));
        Assert.Contains($"Row 7 has the label {label} in column 'clicked'", error.Message, StringComparison.Ordinal);
        Assert.Contains("is 'tags:", Assert.Throws<ArgumentException>(() => new RankingModel(Network(train, NetworkStructure.Stacked), "tags").Fit(train, cancellation: Token)).Message, StringComparison.Ordinal);
        Assert.Contains("has the label 'u", Assert.Throws<ArgumentException>(() => new RankingModel(Network(train, NetworkStructure.Stacked), "user").Fit(train, cancellation: Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_may_be_texts_that_say_true_or_false_and_shares()
    {
        var train = Clicks(300, seed: 1);
        var labels = train.Get<float>("clicked").Values.ToArray();
        float[] Predicted(Column column)
        {
            var model = Model(train, NetworkStructure.Stacked);
            model.Fit(train.With(column), new FitOptions { Epochs = 1 }, Token);
            return model.Predict(train);
        }

        var expected = Predicted(train["clicked"]);
        Assert.Equal(expected, Predicted(new Column<string>("clicked", [.. labels.Select(label => label == 1 ? " True" : "no")])));
        Assert.Equal(expected, Predicted(new Column<long>("clicked", [.. labels.Select(label => (long)label)])));
        var shares = train.With(new Column<float>("clicked", [.. labels.Select(label => (label + 1) / 4)]));
        var soft = Model(train, NetworkStructure.Stacked);
        soft.Fit(shares, new FitOptions { Epochs = 1 }, Token);
        Assert.Contains("AUC and accuracy need 0 or 1", Assert.Throws<ArgumentException>(() => soft.Evaluate(shares, cancellation: Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_weight_two_counts_as_two_rows_and_one_of_weight_0_as_none()
    {
        var train = Clicks(200, seed: 1);
        int[] twice = [.. Enumerable.Range(0, 200).SelectMany(row => Enumerable.Repeat(row, row % 3))];
        var weighted = train.With(new Column<float>("weight", [.. Enumerable.Range(0, 200).Select(row => (float)(row % 3))]));
        var model = new RankingModel(Network(train, NetworkStructure.Stacked), "clicked") { SampleWeightColumn = "weight" };
        model.Fit(weighted, new FitOptions { Epochs = 1 }, Token);
        var expected = model.Evaluate(weighted.Select(twice).With(new Column<float>("weight", [.. twice.Select(_ => 1f)])), cancellation: Token).Binary!;
        var actual = model.Evaluate(weighted, cancellation: Token).Binary!;
        Assert.Equal(expected.Auc, actual.Auc, 1e-6);
        Assert.Equal(expected.LogLoss, actual.LogLoss, 1e-6);
        Assert.Equal(expected.Calibration, actual.Calibration, 1e-6);
    }

    [Fact]
    public void What_is_saved_predicts_the_same_when_loaded()
    {
        using var folder = new TemporaryFolder();
        var train = Clicks(300, seed: 1);
        var model = Model(train, NetworkStructure.Parallel);
        model.Fit(train, new FitOptions { Epochs = 1, Optimizer = new Adam(0.01) }, Token);
        model.Save(folder["ranker"]);
        var loaded = Model(train, NetworkStructure.Parallel);
        loaded.Load(folder["ranker"]);
        Assert.Equal(model.Predict(train), loaded.Predict(train));
    }

    private static RankingModel Model(FeatureBatch data, NetworkStructure structure) => new(Network(data, structure), "clicked");

    private static DeepCrossNetwork Network(FeatureBatch data, NetworkStructure structure) => new(
        Fields.Of(data, ["user", "item", "age", "tags"], new FieldOptions { EmbeddingDimension = 8 }),
        [new Cross(), new Cross(projectionDimension: 4)],
        hidden: [16],
        structure);

    // Clicked when the parities of user and item agree: no feature alone tells anything.
    private static FeatureBatch Clicks(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var users = new string[rows];
        var items = new long[rows];
        var clicked = new float[rows];
        var ages = new float[rows];
        var offsets = new int[rows + 1];
        var tags = new List<string>();
        for (var row = 0; row < rows; row++)
        {
            var (user, item) = (random.NextInt(20), random.NextInt(30));
            (users[row], items[row], clicked[row], ages[row]) = ($"u{user}", item, user % 2 == item % 2 ? 1 : 0, random.NextSingle());
            tags.AddRange(Enumerable.Range(0, item % 3).Select(tag => $"t{tag}"));
            offsets[row + 1] = tags.Count;
        }

        return new FeatureBatch(
            new Column<string>("user", users), new Column<long>("item", items), new Column<float>("age", ages), new Column<string>("tags", [.. tags], offsets), new Column<float>("clicked", clicked));
    }

    // Values no training row has: unknown categories, a missing number, no tag.
    private static FeatureBatch Strange() => new(
        new Column<string>("user", ["nobody", "u1"]),
        new Column<long>("item", [-5, 3]),
        new Column<float>("age", [float.NaN, 1e6f]),
        new Column<string>("tags", ["never"], [0, 0, 1]));
}

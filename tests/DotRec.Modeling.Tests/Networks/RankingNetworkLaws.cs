using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>What holds for every ready network, over any mix of columns.</summary>
public class RankingNetworkLaws
{
    private static readonly string[] Everything = ["user", "item", "age", "visits", "title", "tags"];

    private static readonly FeatureBatch Train = ClickRows.Of(400, seed: 1);

    private static readonly Dictionary<string, Func<RankingNetwork>> Networks = new(StringComparer.Ordinal)
    {
        ["deep and cross"] = () => new DeepCrossNetwork(All(), [new Cross(), new Cross(3) { KernelL2 = 1e-3 }], hidden: [8, 6], dropout: 0.1, l2: 1e-3),
        ["deep beside cross"] = () => new DeepCrossNetwork(All(), [new Cross()], hidden: [8], NetworkStructure.Parallel),
        ["mixtures, nothing deep"] = () => new DeepCrossNetwork(All(), [new CrossMixtureOfExperts(2, experts: 2)], hidden: []),
        ["dlrm"] = () => new Dlrm(All(), bottom: [6], top: [8]),
        ["dlrm, no lower layer, with itself"] = () => new Dlrm(All(), bottom: [], top: [8], selfInteraction: true, l2: 1e-3),
        ["dlrm without numbers"] = () => new Dlrm(Of("user", "item", "tags"), top: [8]),
        ["dlrm without categories"] = () => new Dlrm(Of("age", "visits"), bottom: [6], top: [8]),
        ["wide and deep"] = () => new WideAndDeep(All(), crosses: [["user", "item"], ["item", "user"]], hidden: [8], crossBins: 97, wideL2: 1e-3, deepL2: 1e-3),
        ["field-aware"] = () => new FieldAwareNetwork(All(), latentDimension: 3, hidden: [8], latentL2: 1e-3, linearL2: 1e-3, deepL2: 1e-3),
        ["field-aware machine alone"] = () => new FieldAwareNetwork(Of("user", "item", "tags", "age"), latentDimension: 2, hidden: []),
        ["field-aware, one field"] = () => new FieldAwareNetwork(Of("user"), hidden: [4]),
        ["deep and cross, numbers through bins"] = () => new DeepCrossNetwork(Bins(), [new Cross()], hidden: [8]),
        ["field-aware, numbers through bins"] = () => new FieldAwareNetwork(Bins(), latentDimension: 2, hidden: [4]),
        ["logistic regression, numbers through bins"] = () => new LogisticRegression(Bins(), l2: 1e-3),
        ["mlp"] = () => new MlpNetwork(All(), hidden: [8, 6], l2: 1e-3),
        ["logistic regression"] = () => new LogisticRegression(All(), l2: 1e-3),
        ["logistic regression without categories"] = () => new LogisticRegression(Of("age")),
        ["logistic regression without numbers"] = () => new LogisticRegression(Of("tags")),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_is_that_of_the_loss_by_finite_differences(string name)
    {
        var model = Fitted(name);
        var data = new EncodedData(ClickRows.Of(2000, seed: 5));
        Tensor Loss()
        {
            // Penalties belong to training steps, so this is one.
            var batch = new Batch(data, [.. Enumerable.Range(0, 2000)], ForwardContext.Training(1, 1));
            var loss = model.LossOf(batch).Value;
            return batch.Context.WeightPenalty is { } penalty ? loss + penalty : loss;
        }

        Loss().Backward();
        foreach (var parameter in model.Parameters)
        {
            // Along the gradient the loss changes by the gradient's length; along any other vector it would change by less.
            var gradient = Dense(parameter);
            var length = Math.Sqrt(gradient.Sum(value => (double)value * value));
            Assert.True(length > 0, $"{parameter.Name} has no gradient");
            var start = parameter.Value.Values.ToArray();
            double At(double step)
            {
                var values = parameter.Value.WritableValues();
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = (float)(start[i] + (step * gradient[i] / length));
                }

                using var gradients = Gradients.Off();
                return Loss().Scalar;
            }

            // A small step over many rows: few cross the kink of a rectifier on the way, which finite differences cannot see through.
            var slope = (At(1e-3) - At(-1e-3)) / 2e-3;
            start.CopyTo(parameter.Value.WritableValues());
            Assert.True(Math.Abs(slope - length) <= (0.04 * length) + 2e-4, $"{parameter.Name}: {slope} by differences, {length} by the gradient");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Its_ONNX_form_gives_its_predictions(string name)
    {
        var model = Fitted(name);
        using var session = new OnnxSession(model.Export());
        foreach (var rows in new[] { Train, ClickRows.Of(1, seed: 3), ClickRows.Strange() })
        {
            var (expected, actual) = (model.Predict(rows), session.Embed(rows));
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], actual[i], 1e-5f);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fitted_weights_are_the_same_at_any_number_of_threads_and_after_a_save(string name)
    {
        using var folder = new TemporaryFolder();
        var before = Parallelism.MaxDegreeOfParallelism;
        try
        {
            Parallelism.MaxDegreeOfParallelism = 1;
            var one = Fitted(name);
            Parallelism.MaxDegreeOfParallelism = 3;
            var three = Fitted(name);
            Assert.Equal(one.Predict(Train), three.Predict(Train));
            one.Save(folder["weights"]);
            var loaded = Model(name);
            loaded.Load(folder["weights"]);
            Assert.Equal(one.Predict(Train), loaded.Predict(Train));
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = before;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_row_is_enough_to_train_on_and_to_predict_for(string name)
    {
        var model = Model(name);
        model.Fit(ClickRows.Of(1, seed: 9), new FitOptions { Epochs = 2 }, Token);
        Assert.All(model.Predict(ClickRows.Of(1, seed: 10)), score => Assert.InRange(score, 0, 1));
        Assert.Empty(model.Predict(Train.Slice(0, 0)));
    }

    [Theory]
    [InlineData("deep and cross", 0.75)]
    [InlineData("dlrm", 0.75)]
    [InlineData("wide and deep", 0.75)]
    [InlineData("field-aware", 0.75)]
    [InlineData("field-aware machine alone", 0.75)]
    [InlineData("mlp", 0.65)]
    public void What_a_product_of_features_tells_is_learned(string name, double least)
    {
        var data = ClickRows.Of(4000, seed: 11);
        var model = Model(name);
        model.Fit(data, new FitOptions { Epochs = 12, BatchSize = 128, Optimizer = new Adam(0.01) }, Token);
        Assert.InRange(model.Evaluate(ClickRows.Of(1000, seed: 12), cancellationToken: Token).Binary.Auc, least, 1);
    }

    private static RankingModel Fitted(string name)
    {
        var model = Model(name);
        model.Fit(Train, new FitOptions { Epochs = 2, BatchSize = 100, Optimizer = new Adam(0.02) }, Token);
        return model;
    }

    private static RankingModel Model(string name) => new(Networks[name](), "clicked");

    private static IReadOnlyList<Field> All() => Of(Everything);

    private static IReadOnlyList<Field> Of(params string[] columns) => Fields.Of(Train, columns, new FieldOptions { EmbeddingDimension = 4, Texts = [.. columns.Where(name => name == "title")], Numbers = [.. columns.Where(name => name == "visits")] });

    private static IReadOnlyList<Field> Bins() => Fields.Of(Train, ["user", "age", "visits"], new FieldOptions { EmbeddingDimension = 4, Numbers = ["visits"], Label = "clicked" });

    private static float[] Dense(Parameter parameter)
    {
        if (!parameter.IsRowSparse)
        {
            return parameter.Gradient!.Values.ToArray();
        }

        var values = new float[parameter.Value.Length];
        if (parameter.RowGradient is { } rows)
        {
            for (var i = 0; i < rows.Count; i++)
            {
                rows.Values.Slice(i * rows.Width, rows.Width).CopyTo(values.AsSpan(rows.Rows[i] * rows.Width));
            }
        }

        return values;
    }
}

using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class RankingNetworkTests
{
    private static readonly FeatureBatch Train = ClickRows.Of(400, seed: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Logistic_regression_learns_the_log_odds_of_each_category()
    {
        // 3 of 4 clicks for a, 1 of 4 for b: with a weight for each and one for all, the likelihood is greatest at the observed shares.
        var data = new FeatureBatch(
            new Column<string>("ad", ["a", "a", "a", "a", "b", "b", "b", "b"]), new Column<long>("clicked", [1, 1, 1, 0, 1, 0, 0, 0]));
        var model = new RankingModel(new LogisticRegression(Fields.Of(data, ["ad"])), "clicked");
        model.Fit(data, new FitOptions { Epochs = 500, Optimizer = new Adagrad(0.5) }, Token);
        var expected = new[] { .75f, .75f, .75f, .75f, .25f, .25f, .25f, .25f };
        Assert.All(model.Predict(data).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3f));

        // A category it never met adds nothing to the weight for all.
        Assert.Equal(0.5f, model.Predict(new FeatureBatch(new Column<string>("ad", ["new"])))[0], 1e-3f);
    }

    [Fact]
    public void A_penalty_pulls_the_log_odds_to_those_of_all_rows()
    {
        var data = new FeatureBatch(new Column<string>("ad", ["a", "a", "b", "b"]), new Column<long>("clicked", [1, 1, 0, 0]));
        float Of(double l2)
        {
            var model = new RankingModel(new LogisticRegression(Fields.Of(data, ["ad"]), l2), "clicked");
            model.Fit(data, new FitOptions { Epochs = 800, Optimizer = new Adagrad(0.5) }, Token);
            return model.Predict(data)[0];
        }

        // Where a's weight w rests: 1 - 1 / (1 + exp(-w)) = λ w for a's rows.
        var strength = 0.1;
        double w = 0;
        for (var i = 0; i < 10_000; i++)
        {
            w += 0.1 * (1 - (1 / (1 + Math.Exp(-w))) - (strength * w));
        }

        Assert.Equal(1 / (1 + Math.Exp(-w)), Of(strength), 1e-3);
        Assert.True(Of(1) < Of(strength));
    }

    [Fact]
    public void A_cross_learns_what_the_linear_part_cannot()
    {
        var data = ClickRows.Of(4000, seed: 1);
        var fields = Fields.Of(data, ["user", "item"], new FieldOptions { EmbeddingDimension = 1, EmbeddingInitializer = Initializer.Zeros });
        double Auc(IReadOnlyList<IReadOnlyList<string>> crosses)
        {
            // Nothing deep to speak of: one unit over embeddings that begin at 0.
            var model = new RankingModel(new WideAndDeep(fields, crosses, hidden: [1]), "clicked");
            model.Fit(data, new FitOptions { Epochs = 10, BatchSize = 128, Optimizer = new Adagrad(0.3) }, Token);
            return model.Evaluate(ClickRows.Of(1000, seed: 2), cancellation: Token).Binary!.Auc;
        }

        Assert.InRange(Auc([["user", "item"]]), 0.8, 1);
        Assert.InRange(Auc([]), 0.3, 0.7);
    }

    [Fact]
    public void A_cross_that_cannot_be_is_refused_by_name()
    {
        var fields = Fields.Of(Train, ["user", "item", "age", "tags"], new FieldOptions());
        string Refusal(params string[] cross) => Assert.Throws<ArgumentException>(() => new WideAndDeep(fields, [cross])).Message;
        Assert.Contains("names a field 'town', which the network does not have. It has: user, item, age, tags", Refusal("user", "town"), StringComparison.Ordinal);
        Assert.Contains("names field 'age', which gives 2 real numbers; only fields of one category a row can be crossed. Make bins of it by Discretization", Refusal("user", "age"), StringComparison.Ordinal);
        Assert.Contains("names field 'tags', which gives a list", Refusal("user", "tags"), StringComparison.Ordinal);
        Assert.Contains("has 1 layers to cross; at least 2", Refusal("user"), StringComparison.Ordinal);
    }

    [Fact]
    public void Dlrm_says_what_it_cannot_multiply()
    {
        Assert.Contains("'user' is the only one", Assert.Throws<ArgumentException>(() => new Dlrm(Fields.Of(Train, ["user"]))).Message, StringComparison.Ordinal);
        Field[] unequal = [new("user", new StringLookup("user", Train), new Embedding(4)), new("item", new IntegerLookup("item", Train), new Embedding(2))];
        Assert.Contains("the widths are 4, 2", Assert.Throws<ArgumentException>(() => new RankingModel(new Dlrm(unequal), "clicked").Predict(Train)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lookup_that_two_parts_read_stands_in_the_served_graph_once()
    {
        var fields = Fields.Of(Train, ["user"], ClickRows.Options with { Texts = [], Numbers = [] });
        var deep = new RankingModel(new MlpNetwork(fields, hidden: [1]), "clicked").Export();
        var both = new RankingModel(new WideAndDeep(fields, hidden: [1]), "clicked").Export();
        static int Count(ReadOnlySpan<byte> bytes) => bytes.Count("keys_strings"u8);
        Assert.Equal(Count(deep.Bytes.Span), Count(both.Bytes.Span));
    }

    [Fact]
    public void The_effective_kernel_of_a_cross_is_what_its_input_is_multiplied_with()
    {
        var x = Autodiff.Tensor.From([1, 2, 3], 1, 3);
        foreach (var cross in new[] { new Cross { DiagScale = 0.5 }, new Cross(2) { DiagScale = 0.5 } })
        {
            Assert.Throws<InvalidOperationException>(() => cross.EffectiveKernel());
            var output = cross.Call(x, ForwardContext.Inference).Values;
            var kernel = cross.EffectiveKernel();
            for (var j = 0; j < 3; j++)
            {
                var gate = Enumerable.Range(0, 3).Sum(i => x.Values[i] * kernel[(i * 3) + j]);
                Assert.Equal((x.Values[j] * gate) + x.Values[j], output[j], 1e-5f);
            }
        }
    }

    [Fact]
    public void Without_options_a_fit_is_a_good_one()
    {
        // What each user and item is worth alone, with a little noise: three epochs of the defaults are enough to see it.
        var random = new Kernels.SeededRandom(3);
        var (users, items, labels) = (new long[20_000], new long[20_000], new float[20_000]);
        for (var row = 0; row < users.Length; row++)
        {
            (users[row], items[row]) = (random.NextInt(50), random.NextInt(50));
            labels[row] = random.NextSingle() < 1 / (1 + Math.Exp(-0.2 * (users[row] + items[row] - 49))) ? 1 : 0;
        }

        var data = new FeatureBatch(new Column<long>("user", users), new Column<long>("item", items), new Column<float>("clicked", labels));
        var split = data.RandomSplit(0.8, seed: 1);
        double best = BinaryMetrics.Of(
            [.. Enumerable.Range(0, split.Test.RowCount).Select(row => (float)(1 / (1 + Math.Exp(-0.2 * (split.Test.Get<long>("user").Values[row] + split.Test.Get<long>("item").Values[row] - 49)))))],
            split.Test.Get<float>("clicked").Values).Auc;
        foreach (var network in new RankingNetwork[] { new DeepCrossNetwork(Fields.Of(split.Train, ["user", "item"])), new LogisticRegression(Fields.Of(split.Train, ["user", "item"])) })
        {
            var model = new RankingModel(network, "clicked");
            model.Fit(split.Train, cancellation: Token);
            Assert.InRange(model.Evaluate(split.Test, cancellation: Token).Binary!.Auc, best - 0.01, 1);
        }
    }

    [Fact]
    public void Calibration_is_no_metric_to_stop_by() =>
        Assert.Contains("best at 1", Assert.Throws<ArgumentException>(() => new EarlyStopping("calibration").Read(new Evaluation(1, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_category_for_every_row_trains_and_predicts()
    {
        var data = new FeatureBatch(new Column<long>("row", [1, 2, 3]), new Column<string>("text", ["a", "b", "c"]), new Column<long>("y", [0, 1, 1]));
        var model = new RankingModel(new DeepCrossNetwork(Fields.Of(data, ["row", "text"])), "y");
        model.Fit(data, cancellation: Token);
        Assert.Equal(3, model.Predict(data).Length);
    }

    [Theory]
    [InlineData("logLoss", true)]
    [InlineData("loss", true)]
    [InlineData("rmse", true)]
    [InlineData("mae", true)]
    [InlineData("auc", false)]
    [InlineData("ndcg@10", false)]
    public void Early_stopping_knows_which_way_a_metric_is_better(string metric, bool smallerIsBetter)
    {
        var stopping = new EarlyStopping(metric);
        Assert.Equal(smallerIsBetter, stopping.IsBetter(0.4, 0.5));
        Assert.Equal(!smallerIsBetter, stopping.IsBetter(0.5, 0.4));
    }
}

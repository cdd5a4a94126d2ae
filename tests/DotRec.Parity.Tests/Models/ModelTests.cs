using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' tests of its models: ten rows in batches of two; which figures come back, and what layers add to the loss.</summary>
public class ModelTests
{
    private static readonly FeatureBatch Data = new(
        new Column<string>("user", [.. Enumerable.Range(0, 10).Select(row => $"user {row % 4}")]),
        new Column<string>("item", [.. Enumerable.Range(0, 10).Select(row => $"item {row % 7}")]),
        new Column<float>("clicked", [1, 0, 1, 1, 0, 0, 1, 0, 1, 0]));

    private static FitOptions Options => new() { Epochs = 3, BatchSize = 2, Optimizer = new Adagrad(0.1) };

    [Fact]
    public void A_ranking_model_reports_loss_and_accuracy()
    {
        var model = new RankingModel(new MlpNetwork(Fields.Of(Data, ["user", "item"])), "clicked");
        model.Fit(Data, Options, TestContext.Current.CancellationToken);

        var metrics = model.Evaluate(Data, batchSize: 2, TestContext.Current.CancellationToken).Metrics;

        Assert.True(double.IsFinite(metrics["loss"]));
        Assert.InRange(metrics["accuracy"], 0, 1);
        Assert.InRange(metrics["auc"], 0, 1);
    }

    [Fact]
    public void A_model_of_two_tasks_minimises_their_sum_and_reports_the_figures_of_both()
    {
        var model = new TwoTasks();
        model.Begin(new EncodedData(Data), seed: 1);
        var before = model.Evaluate(Data, batchSize: 2, TestContext.Current.CancellationToken).Loss;
        model.Fit(Data, Options, TestContext.Current.CancellationToken);

        Assert.True(model.Evaluate(Data, batchSize: 2, TestContext.Current.CancellationToken).Loss < before);
        Assert.InRange(model.Clicks(Data).Auc, 0, 1);
        Assert.InRange(model.Ranks(Data).HitRate[5], 0, 1);
    }

    [Fact]
    public void A_layer_that_adds_1000_to_the_loss_adds_1000()
    {
        // λ/2 · w² = 1000 for w = 1.
        var context = ForwardContext.Training(0, 0);
        using var scope = TensorScope.Begin();

        new Costly().Call(Tensor.Zeros(2, 3), context);

        Assert.Equal(1000f, context.WeightPenalty!.Scalar);
    }

    private sealed class Costly : Layer
    {
        private Parameter? _weight;

        protected override void Build(int inputWidth) => _weight = AddParameter("weight", Initializer.Ones, 1);

        protected override Tensor Forward(Tensor input, ForwardContext context)
        {
            context.AddL2(_weight!, 2000);
            return input;
        }
    }

    private sealed class TwoTasks : RecommenderModel
    {
        private readonly Ranking _ranking = new(PointwiseLoss.BinaryCrossEntropyOfLogits);
        private readonly Retrieval _retrieval = new() { Reduction = LossReduction.Mean };
        private readonly Tower _users, _items;
        private readonly Mlp _click;

        public TwoTasks()
        {
            _users = Use(new Tower(new StringLookup("user", Data), new Embedding(8)), "users");
            _items = Use(new Tower(new StringLookup("item", Data), new Embedding(8)), "items");
            _click = Use(new Mlp([16, 1]), "click");
        }

        public BinaryMetrics Clicks(FeatureBatch data)
        {
            using var gradients = Gradients.Off();
            var logits = Click(Batch.Of(data)).Sigmoid();
            return BinaryMetrics.Of(logits.Values, data.Get<float>("clicked").Values);
        }

        public RetrievalMetrics Ranks(FeatureBatch data)
        {
            var items = data.DistinctBy("item");
            return new FactorizedTopK(items, "item", 5).Evaluate(_users.Embed(data), _items.Embed(items), data["item"]);
        }

        protected override Tensor ComputeLoss(Batch batch) =>
            _ranking.ComputeLoss(Click(batch), batch.Get<float>("clicked")) + _retrieval.ComputeLoss(_users.Forward(batch), _items.Forward(batch));

        private Tensor Click(Batch batch) => _click.Call(Tensor.Concatenate([_users.Forward(batch), _items.Forward(batch)]), batch.Context);
    }
}

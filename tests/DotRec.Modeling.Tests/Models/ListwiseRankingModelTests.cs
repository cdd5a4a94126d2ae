using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class ListwiseRankingModelTests
{
    // Relevance of an item is its quality; the queries' rows are scattered over the data.
    private static readonly FeatureBatch Data = Lists(seed: 1);

    public static TheoryData<string> Losses => ["PairwiseHinge", "PairwiseLogistic", "ListMle", "ListSoftmax"];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Every_loss_of_lists_learns_the_order(string name)
    {
        var model = Model(name switch
        {
            "PairwiseHinge" => new PairwiseHinge(),
            "PairwiseLogistic" => new PairwiseLogistic(),
            "ListMle" => new ListMle(),
            _ => new ListSoftmax(),
        });
        var held = Lists(seed: 2);

        var fit = model.Fit(Data, new FitOptions { Epochs = 15, BatchSize = 60, Optimizer = new Adam(0.02) }, TestContext.Current.CancellationToken);

        Assert.True(fit.Epochs[^1].Loss < fit.Epochs[0].Loss);
        var evaluation = model.Evaluate(held, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(evaluation.Queries!.FullNdcg, 0.97, 1);
        Assert.Equal(evaluation.Queries.Ndcg[5], evaluation.Metrics["ndcg@5"]);
        Assert.Null(evaluation.Rating);
        Assert.Null(evaluation.Binary);
    }

    [Fact]
    public void A_fit_repeats_bit_for_bit_and_its_loss_does_not_depend_on_the_batch_size_of_the_evaluation()
    {
        var options = new FitOptions { Epochs = 2, BatchSize = 45, Seed = 4 };
        var (first, second) = (Model(new ListMle()), Model(new ListMle()));
        first.Fit(Data, options, TestContext.Current.CancellationToken);
        second.Fit(Data, options, TestContext.Current.CancellationToken);

        Assert.Equal(first.Predict(Data), second.Predict(Data));

        // Were lists cut, the loss of small batches would be smaller.
        var whole = first.Evaluate(Data, 100_000, TestContext.Current.CancellationToken).Loss;
        Assert.Equal(whole, first.Evaluate(Data, 7, TestContext.Current.CancellationToken).Loss, 1e-5 * whole);
    }

    [Fact]
    public void A_model_of_ones_own_gets_whole_lists()
    {
        var model = new Own(Data);
        model.Fit(Data, new FitOptions { Epochs = 3, BatchSize = 30, Seed = 2 }, TestContext.Current.CancellationToken);

        Assert.NotEmpty(model.Sizes);
        Assert.All(model.Sizes, size => Assert.Equal(6, size));
    }

    [Fact]
    public void Without_queries_it_says_what_to_set()
    {
        var model = new RankingModel(new MlpNetwork(Fields.Of(Data, ["item"])), "grade", new Ranking(new ListMle()));
        Assert.Contains("QueryIdColumn", Assert.Throws<InvalidOperationException>(() => model.Fit(Data, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

        var grades = Data.Get<float>("grade").Values.ToArray();
        grades[3] = -1;
        var negative = Data.With(new Column<float>("grade", grades));
        Assert.Contains("Row 3 has the label -1", Assert.Throws<ArgumentException>(() => Model(new ListMle()).Fit(negative, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pointwise_model_reports_the_order_within_queries_too()
    {
        var model = new RankingModel(new MlpNetwork(Fields.Of(Data, ["item"])), "grade", new Ranking(PointwiseLoss.SquaredError))
        {
            QueryIdColumn = "query",
            Cutoffs = [3],
            RelevantFrom = 2,
        };
        model.Fit(Data, new FitOptions { Epochs = 1 }, TestContext.Current.CancellationToken);

        var evaluation = model.Evaluate(Data, cancellation: TestContext.Current.CancellationToken);

        var expected = QueryMetrics.Of(model.Predict(Data), Data.Get<float>("grade").Values, RowGroups.By(Data, "query"), cutoffs: [3], relevantFrom: 2);
        Assert.Equal(expected.Ndcg[3], evaluation.Metrics["ndcg@3"]);
        Assert.Equal(expected.AveragePrecision, evaluation.Metrics["map"]);
        Assert.NotNull(evaluation.Rating);
    }

    private static RankingModel Model(ListLoss loss) =>
        new(new MlpNetwork(Fields.Of(Data, ["item"])), "grade", new Ranking(loss)) { QueryIdColumn = "query" };

    private static FeatureBatch Lists(ulong seed)
    {
        const int Queries = 60, Length = 6;
        var random = new SeededRandom(seed);
        var order = Enumerable.Range(0, Queries * Length).ToArray();
        random.Shuffle<int>(order);
        int[] items = [.. order.Select(_ => random.NextInt(20))];
        return new FeatureBatch(
            new Column<string>("query", [.. order.Select(i => $"q{i % Queries}")]),
            new Column<string>("item", [.. items.Select(item => $"item {item}")]),
            new Column<float>("grade", [.. items.Select(item => (float)(item / 5))]));
    }

    private sealed class Own : RecommenderModel
    {
        private readonly Tower _tower;

        public Own(FeatureBatch data) => _tower = Use(new Tower(new StringLookup("item", data), new Embedding(4), new Dense(1)), "scores");

        public List<int> Sizes { get; } = [];

        protected override string? GroupColumn => "query";

        protected override Tensor ComputeLoss(Batch batch)
        {
            var lists = batch.Groups("query");
            if (batch.Context.IsTraining)
            {
                Sizes.AddRange(Enumerable.Range(0, lists.Count).Select(list => lists[list].Length));
            }

            return new Ranking(new ListSoftmax()).ComputeLoss(_tower.Forward(batch), batch.Get<float>("grade"), lists: lists);
        }
    }
}

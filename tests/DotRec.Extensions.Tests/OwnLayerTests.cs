using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Extensions.Tests;

public class OwnLayerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void An_embedding_of_ones_own_trains_as_the_ready_one_where_it_is_the_same()
    {
        // L2 too: the penalty counts repeated items, which are embedded once.
        var (own, ready) = (Model(new PlainEmbedding(8, 0.05)), Model(new Embedding(8) { L2 = 0.05 }));
        own.Fit(Films.Ratings.Train, Films.Options, Token);
        ready.Fit(Films.Ratings.Train, Films.Options, Token);

        Assert.Equal(Films.Weights(ready), Films.Weights(own));
        Assert.All(own.Parameters, parameter => Assert.True(parameter.IsRowSparse));

        static TwoTowerModel Model(Layer items) => new(
            new Tower(new StringLookup("user_id", Films.Ratings.Train), new Embedding(8)), new Tower(new StringLookup("movie_title", Films.Titles), items));
    }

    [Fact]
    public void An_embedding_of_ones_own_serves_what_it_trained()
    {
        var model = Films.TwoTowers(new TwoSpeedEmbedding(), new Gate());
        var before = model.Evaluate(Films.Ratings.Train, cancellationToken: Token).Loss;
        model.Fit(Films.Ratings.Train, Films.Options, Token);
        Assert.InRange(model.Evaluate(Films.Ratings.Train, cancellationToken: Token).Loss, 0, before - 0.05);

        var titles = Films.Titles.Get<string>("movie_title").Values.ToArray();
        using var index = BruteForceIndex.Build(model.EmbedItems(Films.Titles), ItemIds.From(titles));
        using var recommender = new Recommender(model.QueryTower.Export(), index);
        foreach (var user in Films.Ratings.Test.Get<string>("user_id").Values.ToArray().Distinct().Take(20))
        {
            var query = model.EmbedQueries(new FeatureBatch(new Column<string>("user_id", [user])));
            var items = model.EmbedItems(Films.Titles);
            var scores = titles.Select((_, i) => Enumerable.Range(0, 8).Sum(d => query[d] * items[(i * 8) + d])).ToArray();

            Assert.All(recommender.Recommend(new { user_id = user }, k: 5), found => Assert.Equal(scores[Array.IndexOf(titles, found.ItemId.Text)], found.Score, 1e-4));
        }
    }

    [Fact]
    public void A_network_of_ones_own_is_a_ranking_model()
    {
        var fields = Fields.Of(Films.Ratings.Train, ["user_id", "movie_title"], new FieldOptions { EmbeddingDimension = 8 });
        var model = new RankingModel(new Factorization(fields), "rating", new Ranking(PointwiseLoss.SquaredError));
        var mean = Films.Ratings.Train.Get<float>("rating").Values.ToArray().Average();
        var truth = Films.Ratings.Test.Get<float>("rating").Values.ToArray();

        model.Fit(Films.Ratings.Train, model.DefaultFitOptions with { Epochs = 8, Optimizer = new Adam(0.005), BatchSize = 64 }, Token);

        var constant = RatingMetrics.Of([.. truth.Select(_ => mean)], truth).Rmse;
        Assert.True(model.Evaluate(Films.Ratings.Test, cancellationToken: Token).Rating.Rmse < constant - 0.01);
    }

    [Fact]
    public void A_layer_that_draws_random_numbers_says_so_and_its_items_are_embedded_each_for_itself()
    {
        var noise = new Noise();
        var model = new TwoTowerModel(
            new Tower(new StringLookup("user_id", Films.Ratings.Train), new Embedding(8)), new Tower(new StringLookup("movie_title", Films.Titles), new Embedding(8), noise));

        model.Fit(Films.Ratings.Train, Films.Options with { Epochs = 1, BatchSize = 400 }, Token);

        // Every training batch came whole through the layer, though it holds fewer different items.
        Assert.Contains(400, noise.TrainingRows);
        Assert.DoesNotContain(noise.TrainingRows, rows => rows != 400 && rows != Films.Ratings.Train.RowCount % 400);
    }

    private sealed class PlainEmbedding(int dimension, double l2) : EmbeddingLayer
    {
        private Parameter? _table;

        public override string Name => "Embedding";

        protected override string? Settings => $"L2 {l2}";

        protected override void Build(int categoryCount) => _table = AddTable("table", Initializer.Uniform(), categoryCount, dimension);

        protected override Tensor Forward(Categories categories, ForwardContext context)
        {
            var vectors = _table!.Value.Gather(categories.Numbers);
            context.AddL2(vectors, l2, categories);
            return vectors;
        }
    }

    /// <summary>A vector of a category's own, and one shared by those of equal remainder.</summary>
    private sealed class TwoSpeedEmbedding : EmbeddingLayer
    {
        private Parameter? _own;
        private Parameter? _shared;
        private Parameter? _pages;

        protected override void Build(int categoryCount)
        {
            _own = AddTable("own", Initializer.Uniform(), categoryCount, 8);
            _shared = AddTable("shared", Initializer.Uniform(), 10, 8);
            _pages = AddTable("pages", Initializer.Uniform(), (categoryCount / 10) + 1, 8);
        }

        protected override Tensor Forward(Categories categories, ForwardContext context) => _own!.Value.Gather(categories.Numbers)
            + _shared!.Value.Gather(categories.Modulo(10, context).Numbers) + _pages!.Value.Gather(categories.Divide(10, context).Numbers);
    }

    private sealed class Gate : TensorLayer
    {
        private readonly Dense _gate;
        private Parameter? _scale;

        public Gate() => _gate = Use(new Dense(8, ActivationFunction.Sigmoid));

        protected override void Build(int inputWidth) => _scale = AddParameter("scale", Initializer.Ones, inputWidth);

        protected override Tensor Forward(Tensor input, ForwardContext context) => (_gate.Call(input, context) * input * _scale!) + input;
    }

    private sealed class Noise : TensorLayer
    {
        public HashSet<int> TrainingRows { get; } = [];

        protected override bool IsRandom => true;

        protected override Tensor Forward(Tensor input, ForwardContext context)
        {
            if (!context.IsTraining)
            {
                return input;
            }

            TrainingRows.Add(input.Shape[0]);
            return input.Dropout(0.1f, context.NextSeed(), isTraining: true);
        }
    }

    /// <summary>A factorization: the inner product of the fields' vectors, and an offset.</summary>
    private sealed class Factorization : RankingNetwork
    {
        private readonly Dense _linear;

        public Factorization(IReadOnlyList<Field> fields)
            : base(fields) => _linear = Use(new Dense(1));

        protected override Tensor Score(IReadOnlyList<Tensor> features, ForwardContext context) =>
            (features[0] * features[1]).Sum(-1, keepDimension: true) + _linear.Call(Tensor.Concatenate([.. features]), context);
    }
}

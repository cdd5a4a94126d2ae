using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class MultiTaskModelTests
{
    private static readonly MovieLensCase Data = MovieLensCase.Generated(seed: 3, ratings: 6_000);
    private static readonly FeatureBatch Train = Prepared(Data.Train);
    private static readonly FeatureBatch Test = Prepared(Data.Test);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void With_heads_of_weight_nought_it_is_the_two_tower_model_bit_for_bit()
    {
        var options = new FitOptions { Epochs = 2, BatchSize = 1000, Seed = 5 };
        var towers = new TwoTowerModel(Users(), Movies(), new Retrieval(Data.Metric));
        var fit = towers.Fit(Train, options, Token);

        var model = Model(Rating(weight: 0), Liked(weight: 0));
        var several = model.Fit(Train, options, Token);

        Assert.Equal(fit.Epochs.Select(epoch => epoch.Loss), several.Epochs.Select(epoch => epoch.Loss));
        Assert.Equal(Values(towers.QueryTower.Parameters), Values(model.QueryTower.Parameters));
        Assert.Equal(Values(towers.ItemTower.Parameters), Values(model.ItemTower.Parameters));
        Assert.Equal(
            towers.Evaluate(Test, cancellationToken: Token).Retrieval.Ranks.ToArray(), model.Evaluate(Test, cancellationToken: Token).Retrieval.Ranks.ToArray());

        // Heads that do not learn have weights all the same, and are measured.
        Assert.True(model.Evaluate(Test, cancellationToken: Token).Heads["rating"].Rating.Rmse > 2);
    }

    [Fact]
    public void With_retrieval_of_weight_nought_it_is_the_model_of_the_head_alone_bit_for_bit()
    {
        var options = new FitOptions { Epochs = 2, BatchSize = 1000, Optimizer = new Adam(0.01), Seed = 5 };
        var alone = new RatingAlone();
        var fit = alone.Fit(Train, options, Token);

        var model = Model(retrievalWeight: 0, Rating());
        var several = model.Fit(Train, options, Token);

        Assert.Equal(fit.Epochs.Select(epoch => epoch.Loss), several.Epochs.Select(epoch => epoch.Loss));
        Assert.Equal(Values(alone.Parameters), Values(model.Parameters));
    }

    [Theory]
    [InlineData(0.5, 2.0, 0.25)]
    [InlineData(3.0, 0.1, 1.0)]
    public void The_step_of_several_tasks_is_the_weighted_sum_of_those_of_each(double retrieval, double rating, double liked)
    {
        float[] Step(double r, double a, double b)
        {
            var model = Averaged(r, a, b);
            model.Fit(Train, new FitOptions { Epochs = 1, BatchSize = Train.RowCount, Optimizer = new Sgd(1), Seed = 2 }, Token);
            return [.. model.QueryTower.Parameters.Concat(model.ItemTower.Parameters).SelectMany(parameter => parameter.Value.Values.ToArray())];
        }

        var first = Averaged(1, 1, 1);
        first.Begin(new EncodedData(Train), seed: 2);
        float[] start = [.. first.QueryTower.Parameters.Concat(first.ItemTower.Parameters).SelectMany(parameter => parameter.Value.Values.ToArray())];
        var all = Step(retrieval, rating, liked);
        var (one, two, three) = (Step(1, 0, 0), Step(0, 1, 0), Step(0, 0, 1));

        var expected = new float[start.Length];
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i] = (float)((retrieval * (one[i] - start[i])) + (rating * (two[i] - start[i])) + (liked * (three[i] - start[i])));
        }

        var scale = expected.Max(Math.Abs);
        Assert.True(scale > 1e-4);
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], all[i] - start[i], 2e-4 * scale));
    }

    [Fact]
    public void Every_task_is_measured_by_its_own_metrics()
    {
        var model = Model(Rating(), Liked());
        var fit = model.Fit(
            Train,
            new FitOptions { Epochs = 4, BatchSize = 1000, Validation = Test, EarlyStopping = new EarlyStopping("rating.rmse") { Patience = 10 } },
            Token);

        var evaluation = model.Evaluate(Test, cancellationToken: Token);

        Assert.Equal(RatingMetrics.Of(model.Predict("rating", Test), Test.Get<float>("rating").Values), evaluation.Heads["rating"].Rating);
        Assert.Equal(BinaryMetrics.Of(model.Predict("liked", Test), Test.Get<float>("liked").Values), evaluation.Heads["liked"].Binary);
        Assert.Equal(evaluation.Heads["rating"].Rating.Rmse, evaluation.Metrics["rating.rmse"]);
        Assert.Equal(evaluation.Heads["liked"].Binary.Auc, evaluation.Metrics["liked.auc"]);
        Assert.Equal(evaluation.Retrieval.All.HitRate[100], evaluation.Metrics["retrieval.hitRate@100"]);
        Assert.Equal(evaluation.Retrieval.ExcludingSeen.HitRate[100], evaluation.Metrics["retrieval.excludingSeen.hitRate@100"]);
        Assert.Equal(evaluation.Popularity.All.HitRate[100], evaluation.Metrics["popularity.hitRate@100"]);
        Assert.Equal(evaluation.Losses["rating"], evaluation.Heads["rating"].Loss, 1e-6);
        Assert.Equal(evaluation.Losses["liked"], evaluation.Heads["liked"].Loss, 1e-6);
        Assert.Equal(evaluation.Losses.Values.Sum(), evaluation.Loss, 1e-9);
        Assert.Equal(fit.Epochs.Min(epoch => epoch.ValidationMetrics!["rating.rmse"]), evaluation.Metrics["rating.rmse"], 1e-9);

        // All three learned: ratings of 1 to 5 are nearer than their mean is at the start, likings are told apart, items are found.
        Assert.True(evaluation.Heads["rating"].Rating.Rmse < 1.4);
        Assert.True(evaluation.Heads["liked"].Binary.Auc > 0.6);
        Assert.True(evaluation.Retrieval.All.HitRate[100] > 0.35);
    }

    [Fact]
    public void Rows_of_weight_nought_in_a_task_teach_it_nothing_of_their_query()
    {
        // The first user's rows are no choices; the second user's have no rating.
        var ids = Train.Get<string>("user_id").Values.ToArray();
        var (first, second) = (ids[0], ids.First(id => id != ids[0]));
        var data = Train.With(Weights("chosen", first)).With(Weights("rated", second));

        MultiTaskModel Fitted(double retrieval, double rating)
        {
            var model = new MultiTaskModel(
                Users(), Movies(), new Retrieval(Data.Metric), new RankingHead("rating", "rating", new Ranking(PointwiseLoss.SquaredError)) { Weight = rating, SampleWeightColumn = "rated" })
            {
                RetrievalWeight = retrieval,
                RetrievalWeightColumn = "chosen",
            };
            model.Fit(data, new FitOptions { Epochs = 1, BatchSize = 1000, Seed = 9 }, Token);
            return model;
        }

        var untouched = new MultiTaskModel(Users(), Movies(), new Retrieval(Data.Metric), Rating());
        untouched.Begin(new EncodedData(data), seed: 9);
        float[] Of(MultiTaskModel model, string user) => model.EmbedQueries(new FeatureBatch(new Column<string>("user_id", [user])));

        Assert.Equal(Of(untouched, first), Of(Fitted(1, 0), first));
        Assert.NotEqual(Of(untouched, second), Of(Fitted(1, 0), second));
        Assert.Equal(Of(untouched, second), Of(Fitted(0, 1), second));
        Assert.NotEqual(Of(untouched, first), Of(Fitted(0, 1), first));

        Column<float> Weights(string name, string but) => new(name, Array.ConvertAll(ids, id => id == but ? 0f : 1));
    }

    [Fact]
    public void A_saved_model_comes_back_bit_for_bit_with_heads_and_the_scales_of_their_labels()
    {
        using var folder = new TemporaryFolder();
        var scale = LabelScale.Of(Train["rating"]);
        var model = Model(Rating(scale: scale), Liked());
        model.Fit(Train, new FitOptions { Epochs = 1, BatchSize = 1000 }, Token);
        model.Save(folder["model"]);

        var loaded = new MultiTaskModel(
            new Tower(new StringLookup("user_id"), new Embedding(8)), new Tower(new StringLookup("movie_title"), new Embedding(8)), new Retrieval(Data.Metric), Rating(), Liked());
        loaded.Load(folder["model"]);

        Assert.Equal(scale, loaded.Heads[0].LabelScale);
        Assert.Equal(model.Predict("rating", Test), loaded.Predict("rating", Test));
        Assert.Equal(model.Predict("liked", Test), loaded.Predict("liked", Test));
        Assert.Equal(model.EmbedItems(Data.Titles), loaded.EmbedItems(Data.Titles));
        loaded.RememberTrainingData(Train);
        Assert.Equal(model.Evaluate(Test, cancellationToken: Token).Metrics, loaded.Evaluate(Test, cancellationToken: Token).Metrics);
    }

    [Theory]
    [InlineData("rating")]
    [InlineData("liked")]
    public void An_exported_head_predicts_as_the_model(string head)
    {
        var model = Model(Rating(scale: LabelScale.Of(Train["rating"])), Liked());
        model.Fit(Train, new FitOptions { Epochs = 1, BatchSize = 1000 }, Token);
        var rows = Test.Slice(0, 200);

        using var session = new OnnxSession(model.ExportHead(head));

        Assert.All(model.Predict(head, rows).Zip(session.Embed(rows)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_checkpoint_of_other_weights_of_tasks_is_of_another_fit()
    {
        using var folder = new TemporaryFolder();
        var options = new FitOptions { Epochs = 1, BatchSize = 1000, Checkpoint = new CheckpointOptions(folder["fit"]) };
        Model(Rating()).Fit(Train, options, Token);

        Assert.Contains("weight 0.5", Assert.Throws<InvalidOperationException>(() => Model(Rating(weight: 0.5)).Fit(Train, options, Token)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Model(retrievalWeight: 2, Rating()).Fit(Train, options, Token));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        var taken = Rating();
        _ = Model(taken);
        Assert.Contains("belongs to a model already", Assert.Throws<ArgumentException>(() => Model(taken)).Message, StringComparison.Ordinal);
        Assert.Contains("TwoTowerModel", Assert.Throws<ArgumentException>(() => Model()).Message, StringComparison.Ordinal);
        Assert.Contains("a name of its own", Assert.Throws<ArgumentException>(() => Model(Rating(), Rating())).Message, StringComparison.Ordinal);
        Assert.Contains("another name", Assert.Throws<ArgumentException>(() => new RankingHead("item", "rating")).Message, StringComparison.Ordinal);
        Assert.Contains("loss of examples", Assert.Throws<ArgumentException>(() => new RankingHead("order", "rating", new Ranking(new ListMle()))).Message, StringComparison.Ordinal);
        Assert.Contains("0 or positive", Assert.Throws<ArgumentOutOfRangeException>(() => Rating(weight: -1)).Message, StringComparison.Ordinal);
        Assert.Contains("rating, liked", Assert.Throws<ArgumentException>(() => Model(Rating(), Liked()).Predict("clicked", Test)).Message, StringComparison.Ordinal);
        Assert.Contains("nothing to learn", Assert.Throws<InvalidOperationException>(() => Model(retrievalWeight: 0, Rating(weight: 0)).Fit(Train, cancellationToken: Token)).Message, StringComparison.Ordinal);
    }

    private static Tower Users() => new(new StringLookup("user_id", Data.Train), new Embedding(8));

    private static Tower Movies() => new(new StringLookup("movie_title", Data.Titles), new Embedding(8));

    // A sum would bring all losses to its size, so that a task alone would make another step than its part of several.
    private static MultiTaskModel Averaged(double retrieval, double rating, double liked) => new(
        Users(), Movies(), new Retrieval(Data.Metric) { Reduction = LossReduction.Mean }, Rating(rating), Liked(liked))
    {
        RetrievalWeight = retrieval,
    };

    private static RankingHead Rating(double weight = 1, LabelScale? scale = null) =>
        new("rating", "rating", new Ranking(PointwiseLoss.SquaredError), new Mlp([16, 1])) { Weight = weight, LabelScale = scale ?? LabelScale.None };

    private static RankingHead Liked(double weight = 1) => new("liked", "liked", layers: new Mlp([16, 1])) { Weight = weight };

    private static MultiTaskModel Model(params RankingHead[] heads) => Model(1, heads);

    private static MultiTaskModel Model(double retrievalWeight, params RankingHead[] heads) =>
        new(Users(), Movies(), new Retrieval(Data.Metric), heads) { RetrievalWeight = retrievalWeight };

    private static FeatureBatch Prepared(FeatureBatch ratings) =>
        ratings.With(new Column<float>("liked", Array.ConvertAll(ratings.Get<float>("rating").Values.ToArray(), rating => rating >= 4 ? 1f : 0)));

    private static float[] Values(IEnumerable<Parameter> parameters) => [.. parameters.SelectMany(parameter => parameter.Value.Values.ToArray())];

    /// <summary>The rating head by hand, of the same parts under the same names.</summary>
    private sealed class RatingAlone : RecommenderModel
    {
        private readonly Ranking _task = new(PointwiseLoss.SquaredError);
        private readonly Tower _users;
        private readonly Tower _movies;
        private readonly Mlp _head;

        public RatingAlone()
        {
            _users = Use(Users(), "query");
            _movies = Use(Movies(), "item");
            _head = Use(new Mlp([16, 1]), "rating");
        }

        protected override Loss ComputeLoss(Batch batch) => _task.ComputeLoss(
            _head.Call(Tensor.Concatenate([_users.Forward(batch), _movies.Forward(batch)]), batch.Context), batch.Get<float>("rating"));
    }
}

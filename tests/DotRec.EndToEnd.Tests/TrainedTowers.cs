using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.EndToEnd.Tests;

/// <summary>A small made-up MovieLens, and a model trained on it that uses every kind of preprocessing.</summary>
internal static class TrainedTowers
{
    private static readonly Lazy<(MovieLensData Data, FeatureBatch Ratings, TwoTowerModel Model)> Trained = new(Train);

    /// <summary>The tables.</summary>
    public static MovieLensData Data => Trained.Value.Data;

    /// <summary>The ratings with the columns of their users and movies.</summary>
    public static FeatureBatch Ratings => Trained.Value.Ratings;

    public static TwoTowerModel Model => Trained.Value.Model;

    private static (MovieLensData Data, FeatureBatch Ratings, TwoTowerModel Model) Train()
    {
        var data = new MovieLensGenerator { UserCount = 60, MovieCount = 90, RatingCount = 1500 }.Generate();
        var ratings = data.Ratings.Join(data.Users!, "user_id").Join(data.Movies.SelectColumns("movie_id", "genres"), "movie_id");
        var queryTower = new Tower(
            new Concatenate(
                [new StringLookup("user_id", ratings), new Embedding(8)],
                [new Normalization("age", ratings)],
                [new Discretization("timestamp", ratings, bins: 5), new Embedding(3)],
                [new Hashing("zip_code", ratings, bins: 16), new Embedding(4)],
                [new CategoryCrossing([new StringLookup("gender"), new StringLookup("occupation")], ratings, bins: 32), new Embedding(4)]),
            new Dense(16, ActivationFunction.Relu),
            new Dropout(0.1),
            new Dense(8),
            new L2Normalize());
        var itemTower = new Tower(
            new Concatenate(
                [new StringLookup("movie_id", data.Movies), new Embedding(8)],
                [new StringLookup("genres", data.Movies), new Embedding(4)],
                [new TextVectorization("movie_title", data.Movies, maxTokens: 200), new Embedding(4)]),
            new Dense(8));
        var model = new TwoTowerModel(queryTower, itemTower, new Retrieval(new FactorizedTopK(data.Movies, "movie_id")));
        model.Fit(ratings, new FitOptions { Epochs = 2, BatchSize = 256, Optimizer = new Adagrad(0.1), Seed = 1 });
        return (data, ratings, model);
    }
}

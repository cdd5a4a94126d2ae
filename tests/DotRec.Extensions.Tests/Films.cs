using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Extensions.Tests;

/// <summary>Generated ratings of films, and a ready model over them.</summary>
internal static class Films
{
    private static readonly FeatureBatch All = new MovieLensGenerator { UserCount = 120, MovieCount = 150, RatingCount = 6_000, Seed = 3 }.Generate().Ratings;

    public static (FeatureBatch Train, FeatureBatch Test) Ratings { get; } = All.RandomSplit(0.8, seed: 1) is var (train, test) ? (train, test) : default;

    /// <summary>Every title once.</summary>
    public static FeatureBatch Titles { get; } = All.DistinctBy("movie_title").SelectColumns("movie_title");

    public static FitOptions Options { get; } = new() { Epochs = 3, BatchSize = 500, Optimizer = new Adam(0.01) };

    /// <summary>Two towers, the query's embedding by a layer of the caller's.</summary>
    public static TwoTowerModel TwoTowers(params Layer[] afterUser) => new(
        new Tower([new StringLookup("user_id", Ratings.Train), .. afterUser]),
        new Tower(new StringLookup("movie_title", Titles), new Embedding(8)),
        new Retrieval(new FactorizedTopK(Titles)));

    /// <summary>A model that predicts ratings by a loss of the caller's.</summary>
    public static RankingModel Ranker(Ranking task, params Field[] fields) => new(
        new MlpNetwork(fields.Length > 0 ? fields : Fields.Of(Ratings.Train, ["user_id", "movie_title"], new FieldOptions { EmbeddingDimension = 4 }), hidden: [8]), "rating", task);

    public static float[] Weights(RecommenderModel model) => [.. model.Parameters.SelectMany(parameter => parameter.Value.Values.ToArray())];
}

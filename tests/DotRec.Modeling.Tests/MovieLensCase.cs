using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

/// <summary>The protocol of TFRS' basic retrieval tutorial on MovieLens 100K: random 80/20 split, titles as items, dimension 32.</summary>
internal sealed class MovieLensCase
{
    private MovieLensCase(FeatureBatch ratings, FeatureBatch titles, ulong seed)
    {
        (Train, Test) = ratings.RandomSplit(0.8, seed);
        Titles = titles;
        Ratings = ratings;
    }

    public FeatureBatch Ratings { get; }

    public FeatureBatch Train { get; }

    public FeatureBatch Test { get; }

    /// <summary>The catalogue: every title once.</summary>
    public FeatureBatch Titles { get; }

    public FactorizedTopK Metric => new(Titles, "movie_title");

    /// <summary>The real data; skips the test where it is absent.</summary>
    public static MovieLensCase Real(ulong seed)
    {
        var path = TestData.Find("ml-100k.zip");
        Assert.SkipWhen(path is null, TestData.Absent("ml-100k.zip"));
        return new MovieLensCase(MovieLens.LoadRatings(path!), MovieLens.LoadMovies(path!).DistinctBy("movie_title").SelectColumns("movie_title"), seed);
    }

    /// <summary>Generated data of the same shape, smaller.</summary>
    public static MovieLensCase Generated(ulong seed, int ratings = 20_000)
    {
        var data = new MovieLensGenerator { UserCount = 300, MovieCount = 400, RatingCount = ratings, Seed = 7 }.Generate();
        return new MovieLensCase(data.Ratings, data.Movies.DistinctBy("movie_title").SelectColumns("movie_title"), seed);
    }

    public TwoTowerModel Model(bool corrections, int dimension = 32, Retrieval? task = null) => new(
        new Tower(new StringLookup("user_id", Train), new Embedding(dimension)),
        new Tower(new StringLookup("movie_title", Titles), new Embedding(dimension)),
        task ?? new Retrieval(Metric) { RemoveAccidentalHits = corrections, CorrectSampling = corrections });

    public static FitOptions Tutorial(ulong seed) => new() { Epochs = 3, BatchSize = 8192, Optimizer = new Adagrad(0.1), Seed = seed };
}

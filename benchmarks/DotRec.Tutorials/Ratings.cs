using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>The ratings of MovieLens 100K with what is known of users and movies, and the six features of the DCN and unified-embedding tutorials.</summary>
internal static class Ratings
{
    /// <summary>TFRS' bucketized_user_age: below 18, 18–24, 25–34, 35–44, 45–49, 50–55, 56 and above.</summary>
    private static readonly double[] AgeGroups = [18, 25, 35, 45, 50, 56];

    /// <summary>One row a rating: user_id, movie_id, rating, timestamp, gender, zip_code, occupation, age, age_group, genres.</summary>
    public static FeatureBatch Load(string path)
    {
        var set = MovieLens.Load(path);
        var users = set.Users ?? throw new ArgumentException($"The data set at '{path}' tells nothing of its users; give MovieLens 100K.");
        var ages = users.Get<long>("age").Values.ToArray();
        var groups = Array.ConvertAll(ages, age => (long)AgeGroups.Count(boundary => boundary <= age));
        return set.Ratings.Join(users.With(new Column<long>("age_group", groups)), on: "user_id").Join(set.Movies.SelectColumns("movie_id", "genres"), on: "movie_id");
    }

    /// <summary>The six features, in the tutorials' order.</summary>
    public static IReadOnlyList<string> SixFeatures { get; } = ["movie_id", "user_id", "gender", "zip_code", "occupation", "age_group"];

    /// <summary>Random 80/20 splits, one a seed. TFRS has one split, whose order only TensorFlow can repeat.</summary>
    public static IEnumerable<(DataSplit Split, ulong Seed)> Splits(FeatureBatch ratings, int count) =>
        Enumerable.Range(1, count).Select(seed => (ratings.RandomSplit(0.8, (ulong)seed), (ulong)seed));

    /// <summary>Fits and measures a model on every split.</summary>
    /// <param name="ratings">All rows.</param>
    /// <param name="seeds">Number of splits.</param>
    /// <param name="build">Makes the model; reads the training rows only.</param>
    /// <param name="options">How it is fitted; where it stops early, a tenth of the training rows is held out to stop by.</param>
    /// <returns>The evaluations, the parameters of a model, the seconds of all.</returns>
    public static (IReadOnlyList<RankingEvaluation> Evaluations, long Parameters, double Seconds) Measure(
        FeatureBatch ratings, int seeds, Func<DataSplit, RankingModel> build, Func<DataSplit, FitOptions> options)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var evaluations = new List<RankingEvaluation>();
        long parameters = 0;
        foreach (var (split, seed) in Splits(ratings, seeds))
        {
            var fit = options(split) with { Seed = seed };
            var train = split.Train;
            if (fit.EarlyStopping is not null)
            {
                (train, var validation) = split.Train.RandomSplit(0.9, seed);
                fit = fit with { Validation = validation };
            }

            var model = build(new DataSplit(train, split.Test));
            model.Fit(train, fit);
            evaluations.Add(model.Evaluate(split.Test));
            parameters = model.Parameters.Sum(parameter => (long)parameter.Value.Length);
        }

        return (evaluations, parameters, clock.Elapsed.TotalSeconds);
    }

    /// <summary>The same, as the root mean squared error.</summary>
    public static Result Rmse(
        string name, string published, FeatureBatch ratings, int seeds, Func<DataSplit, RankingModel> build, Func<DataSplit, FitOptions> options)
    {
        var (evaluations, parameters, seconds) = Measure(ratings, seeds, build, options);
        return new Result(name, "RMSE", [.. evaluations.Select(evaluation => evaluation.Rating.Rmse)], published, parameters, seconds);
    }
}

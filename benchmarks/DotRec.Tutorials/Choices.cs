using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>Who rated which film, split into training and test: what the retrieval tutorials learn from and are asked.</summary>
internal sealed class Choices
{
    private const string Query = "user_id";
    private const string Item = "movie_title";
    private Histories? _histories;

    private Choices(DataSplit split, FeatureBatch films, ulong seed) => (Train, Test, Films, Seed) = (split.Train, split.Test, films, seed);

    /// <summary>Rows to learn from: user_id, movie_title, rating, timestamp.</summary>
    public FeatureBatch Train { get; }

    /// <summary>Rows whose film is to be found.</summary>
    public FeatureBatch Test { get; }

    /// <summary>The catalogue: every title once, which TFRS' is not (1,682 rows, 1,664 titles).</summary>
    public FeatureBatch Films { get; }

    /// <summary>Of the split and of first weights.</summary>
    public ulong Seed { get; }

    /// <summary>The catalogue as what ranks are taken in.</summary>
    public FactorizedTopK Catalogue => new(Films, Item);

    /// <summary>What each user rated in training, by time.</summary>
    public Histories Histories => _histories ??= Histories.Of(Train, Query, Item, Films, "timestamp");

    /// <summary>The test rows, asked with everything their user rated in training.</summary>
    public NextItems Examples => NextItems.Of(Histories, Test, Query, Item, Films);

    /// <summary>Random splits of four fifths and one, a split a seed; TFRS has one, whose order only TensorFlow can repeat.</summary>
    public static IEnumerable<Choices> Random(string path, int seeds)
    {
        var (ratings, films) = Load(path);
        return Enumerable.Range(1, seeds).Select(seed => new Choices(ratings.RandomSplit(0.8, (ulong)seed), films, (ulong)seed));
    }

    /// <summary>The last fifth by time is the test, as it is where a model is used; a seed decides first weights only.</summary>
    public static IEnumerable<Choices> ByTime(string path, int seeds)
    {
        var (ratings, films) = Load(path);
        var split = ratings.ByTime(0.8);
        return Enumerable.Range(1, seeds).Select(seed => new Choices(split, films, (ulong)seed));
    }

    /// <summary>The test rows, each asked with a history of its own made of what its user rated in training and when.</summary>
    /// <param name="order">The user's films with their times, and the time of the request, to a history; oldest first.</param>
    public NextItems ExamplesAt(Func<IEnumerable<(int Film, long Time)>, long, IEnumerable<int>> order)
    {
        var places = Films.Get<string>(Item).Values.ToArray().Index().ToDictionary(film => film.Item, film => film.Index, StringComparer.Ordinal);
        var times = Train.Get<long>("timestamp").Values.ToArray();
        var rated = Train.Get<string>(Item).Values.ToArray();
        var had = Train.Get<string>(Query).Values.ToArray().Index().ToLookup(row => row.Item, row => (Film: places[rated[row.Index]], Time: times[row.Index]), StringComparer.Ordinal);
        var (asked, wanted) = (Test.Get<string>(Query).Values.ToArray(), Test.Get<string>(Item).Values.ToArray());
        var when = Test.Get<long>("timestamp").Values.ToArray();
        var lists = asked.Select((user, row) => (IReadOnlyList<int>)[.. order(had[user], when[row])]);
        return new NextItems(Histories.Of(places.Count, [.. lists]), [.. Enumerable.Range(0, asked.Length)], [.. wanted.Select(title => places[title])]);
    }

    private static (FeatureBatch Ratings, FeatureBatch Films) Load(string path) =>
        (MovieLens.LoadRatings(path), MovieLens.LoadMovies(path).DistinctBy(Item).SelectColumns(Item));
}

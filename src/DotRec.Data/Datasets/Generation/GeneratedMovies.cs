using System.Globalization;
using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Movies with genres, titles, popularity, quality and character.</summary>
internal sealed class GeneratedMovies
{
    private const double GenreShare = 0.6;

    // Shares of genres, about as the 100K set has them.
    private static readonly WeightedWords Genres = new(
        ("Drama", 30), ("Comedy", 24), ("Action", 9), ("Thriller", 7), ("Romance", 6), ("Horror", 4), ("Children's", 4), ("Adventure", 3), ("Sci-Fi", 3),
        ("Crime", 3), ("Documentary", 3), ("War", 2), ("Mystery", 2), ("Musical", 2), ("Animation", 2), ("Western", 1.5), ("Film-Noir", 1.5), ("Fantasy", 1));

    // The second genre of a movie, given its first.
    private static readonly Dictionary<string, string[]> Companions = new(StringComparer.Ordinal)
    {
        ["Drama"] = ["Romance", "War", "Crime", "Mystery"],
        ["Comedy"] = ["Romance", "Children's", "Musical", "Crime"],
        ["Action"] = ["Adventure", "Thriller", "Sci-Fi", "War"],
        ["Thriller"] = ["Crime", "Mystery", "Horror", "Drama"],
        ["Romance"] = ["Drama", "Comedy"],
        ["Horror"] = ["Thriller", "Sci-Fi"],
        ["Children's"] = ["Animation", "Comedy", "Fantasy"],
        ["Adventure"] = ["Action", "Fantasy", "Children's"],
        ["Sci-Fi"] = ["Action", "Adventure", "Thriller"],
        ["Crime"] = ["Drama", "Film-Noir", "Thriller"],
        ["Documentary"] = ["War", "Musical"],
        ["War"] = ["Drama", "Action"],
        ["Mystery"] = ["Thriller", "Film-Noir"],
        ["Musical"] = ["Comedy", "Romance"],
        ["Animation"] = ["Children's", "Musical"],
        ["Western"] = ["Action", "Drama"],
        ["Film-Noir"] = ["Mystery", "Crime"],
        ["Fantasy"] = ["Children's", "Adventure"],
    };

    private readonly string[] _ids;
    private readonly string[] _titles;
    private readonly string[][] _genres;

    public GeneratedMovies(int count, TasteSpace space, SeededRandom random)
    {
        Count = count;
        _ids = new string[count];
        _titles = new string[count];
        _genres = new string[count][];
        Popularity = new double[count];
        Quality = new double[count];
        Character = new double[count][];
        var ranks = new int[count];
        for (var rank = 0; rank < count; rank++)
        {
            ranks[rank] = rank;
        }

        random.Shuffle<int>(ranks);
        var titles = new MovieTitles();
        for (var movie = 0; movie < count; movie++)
        {
            _ids[movie] = (movie + 1).ToString(CultureInfo.InvariantCulture);
            _genres[movie] = DrawGenres(random);

            // Half of the movies are of the last six years before 1998, the others older and older.
            var year = random.NextInt(2) == 0 ? 1992 + random.NextInt(6) : 1991 - (int)Math.Min(60, -15 * Math.Log(1 - random.NextDouble()));
            _titles[movie] = titles.Invent(_genres[movie][0], year, random);
            var depth = (ranks[movie] + 0.5) / count;
            Popularity[movie] = LogPopularity(depth);
            Quality[movie] = (0.35 * random.NextNormal()) + (0.4 * (0.35 - depth));
            Character[movie] = space.Mix(_genres[movie], GenreShare, random);
        }
    }

    public int Count { get; }

    /// <summary>Log of the weight that a movie has before taste.</summary>
    public double[] Popularity { get; }

    /// <summary>Stars a movie gets above or below the mean.</summary>
    public double[] Quality { get; }

    /// <summary>Unit vectors of the taste space.</summary>
    public double[][] Character { get; }

    public string Id(int movie) => _ids[movie];

    public string Title(int movie) => _titles[movie];

    public FeatureBatch Table()
    {
        var offsets = new int[Count + 1];
        for (var movie = 0; movie < Count; movie++)
        {
            offsets[movie + 1] = offsets[movie] + _genres[movie].Length;
        }

        return new FeatureBatch(
            new Column<string>("movie_id", _ids),
            new Column<string>("movie_title", _titles),
            new Column<string>("genres", [.. _genres.SelectMany(genres => genres)], offsets));
    }

    // Fitted by eye to the counts of the 100K set (583, 429, 218, 84, 16, 1 at ranks 1, 10, 100, 400, 1000, 1600): a Zipf-like head, a tail that falls
    // faster than exponentially. depth is the rank over the number of movies.
    private static double LogPopularity(double depth) => (-4.0 * depth) - (2.2 * depth * depth) - (0.48 * Math.Log(1 + (depth / 0.012)));

    private static string[] DrawGenres(SeededRandom random)
    {
        var first = Genres.Draw(random);
        var second = random.NextDouble() < 0.55 ? Companions[first][random.NextInt(Companions[first].Length)] : null;
        var third = second is not null && random.NextDouble() < 0.35 ? Companions[second][random.NextInt(Companions[second].Length)] : null;
        string?[] drawn = [first, second, third == first ? null : third];
        return [.. drawn.OfType<string>()];
    }
}

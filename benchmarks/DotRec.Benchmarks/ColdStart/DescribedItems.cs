using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using DotRec.Data;

namespace DotRec.Benchmarks;

/// <summary>Sets of ratings whose films have genres and a year, and some whose users have an age, a gender and an occupation.</summary>
internal static partial class DescribedItems
{
    /// <summary>Names of the sets.</summary>
    public static readonly string[] Names = ["ml-100k", "ml-latest-small", "movietweetings-100k"];

    /// <summary>Columns that describe a user; only ML-100K has them.</summary>
    public static readonly string[] UserColumns = ["age", "gender", "occupation"];

    /// <summary>Ratings (user_id, movie_id, rating) and films (movie_id, genres, year), every value a text but the ratings.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="folder">Where the archives are.</param>
    public static (FeatureBatch Ratings, FeatureBatch Films) Load(string name, string folder)
    {
        var path = Path.Combine(folder, name + ".zip");
        if (name == "movietweetings-100k")
        {
            var ratings = Lines(path, "ratings.dat").Select(line => line.Split("::")).ToArray();
            var films = Lines(path, "movies.dat").Select(line => line.Split("::")).ToArray();
            return (
                new FeatureBatch(Texts("user_id", ratings.Select(row => row[0])), Texts("movie_id", ratings.Select(row => row[1])), new Column<float>("rating", [.. ratings.Select(row => float.Parse(row[2], System.Globalization.CultureInfo.InvariantCulture))])),
                Films(Texts("movie_id", films.Select(row => row[0])), films.Select(row => row[1]), [.. films.Select(row => row.Length > 2 && row[2].Length > 0 ? row[2].Split('|') : [])]));
        }

        var (rated, movies) = (MovieLens.LoadRatings(path), MovieLens.LoadMovies(path));
        if (name == "ml-100k")
        {
            var users = MovieLens.LoadUsers(path).SelectColumns(["user_id", .. UserColumns]);
            var ages = ((Column<double>)users["age"].ConvertTo(ColumnType.Float64)).Values.ToArray().Select(age => $"{(int)age / 10 * 10}s");
            rated = rated.Join(users.With(Texts("age", ages)), on: "user_id");
        }

        var genres = movies.Get<string>("genres");
        return (rated, Films(movies["movie_id"], movies.Get<string>("movie_title").Values.ToArray(), [.. Enumerable.Range(0, movies.RowCount).Select(row => genres.Row(row).ToArray())]));
    }

    private static FeatureBatch Films(Column ids, IEnumerable<string> titles, string[][] genres)
    {
        var offsets = new int[genres.Length + 1];
        for (var row = 0; row < genres.Length; row++)
        {
            offsets[row + 1] = offsets[row] + genres[row].Length;
        }

        return new FeatureBatch(
            ids, new Column<string>("genres", [.. genres.SelectMany(one => one)], offsets), Texts("year", titles.Select(title => Year().Match(title) is { Success: true } found ? found.Groups[1].Value : "none")));
    }

    private static Column<string> Texts(string name, IEnumerable<string> values) => new(name, [.. values]);

    private static string[] Lines(string archive, string file)
    {
        using var zip = ZipFile.OpenRead(archive);
        using var reader = new StreamReader(zip.Entries.Single(entry => entry.Name == file).Open(), Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    [GeneratedRegex(@"\((\d{4})\)")]
    private static partial Regex Year();
}

using System.Text;

namespace DotRec.Data;

/// <summary>How one generation of MovieLens archives writes its tables.</summary>
/// <param name="Ratings">Names the ratings file may have, the best first.</param>
/// <param name="Movies">Name of the movies file.</param>
/// <param name="Users">Name of the users file; null when there is none.</param>
/// <param name="Delimiter">Between the fields of a rating.</param>
/// <param name="MovieDelimiter">Between the fields of a movie or user.</param>
/// <param name="HasHeader">True when the first line names the columns.</param>
/// <param name="Encoding">Encoding of the movies file; null for UTF-8.</param>
internal sealed record MovieLensLayout(
    IReadOnlyList<string> Ratings, string Movies, string? Users, string Delimiter, string MovieDelimiter, bool HasHeader, Encoding? Encoding)
{
    /// <summary>MovieLens 100K (1998).</summary>
    public static readonly MovieLensLayout Columns1998 = new(["u.data"], "u.item", "u.user", "\t", "|", HasHeader: false, Encoding.Latin1);

    /// <summary>A ratings file of the 1M set without the timestamps, its rows in time order within each user.</summary>
    public const string RatingsWithoutTimes = "ratings-time-ordered.dat";

    /// <summary>MovieLens 1M (2003).</summary>
    public static readonly MovieLensLayout Dat2003 =
        new(["ratings.dat", RatingsWithoutTimes], "movies.dat", "users.dat", "::", "::", HasHeader: false, Encoding.Latin1);

    /// <summary>MovieLens latest, 20M, 25M, 32M.</summary>
    public static readonly MovieLensLayout Csv = new(["ratings.csv"], "movies.csv", Users: null, ",", ",", HasHeader: true, Encoding: null);

    /// <summary>The layout whose movies and ratings are in the archive.</summary>
    /// <exception cref="DataFormatException">It is of no known layout.</exception>
    public static MovieLensLayout Detect(DataArchive archive)
    {
        foreach (var layout in (ReadOnlySpan<MovieLensLayout>)[Columns1998, Dat2003, Csv])
        {
            if (archive.TryFind(layout.Movies) is not null && layout.TryFindRatings(archive) is not null)
            {
                return layout;
            }
        }

        throw new DataFormatException(
            archive.Location,
            "found no MovieLens data set, expected the files u.data and u.item (100K), ratings.dat and movies.dat (1M), "
            + "or ratings.csv and movies.csv (latest, 20M, 25M, 32M).");
    }

    /// <summary>The ratings file of the archive.</summary>
    public DataFile? TryFindRatings(DataArchive archive) => Ratings.Select(archive.TryFind).FirstOrDefault(file => file is not null);
}

using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>
/// Makes up a data set in the shape of MovieLens: the same tables and columns, as many users, movies and ratings as the 100K set by default, and nothing
/// taken from it. The same options give the same bytes.
/// </summary>
/// <remarks>
/// <para>
/// A user u rates movies drawn without replacement with weight exp(popularity_i + <see cref="TasteStrength"/> · u·v_i). The popularity curve and the
/// number of ratings of users follow those of the 100K set, so that recommending the 100 most popular movies finds the same .30 of the ratings.
/// </para>
/// <para>
/// The vectors v of movies lean to their genres, the vectors u of users to their age group, gender and occupation; the rest of both is their own. So a model
/// can learn taste from ids, and from genres and user features for those it has seen little of. Ratings rise with u·v, the movie's quality and the user's
/// habit; their mean and spread are those of the 100K set.
/// </para>
/// </remarks>
public sealed record MovieLensGenerator
{
    /// <summary>Number of users.</summary>
    public int UserCount { get; init; } = 943;

    /// <summary>Number of movies.</summary>
    public int MovieCount { get; init; } = 1_682;

    /// <summary>Number of ratings; at most 40 % of users times movies.</summary>
    public int RatingCount { get; init; } = 100_000;

    /// <summary>How much taste decides what a user watches: standard deviation of the taste part of the log weights. 0 leaves popularity only.</summary>
    public double TasteStrength { get; init; } = 1.8;

    /// <summary>Seed of everything drawn.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>A generator of the size of the 1M set.</summary>
    public static MovieLensGenerator OneMillion { get; } = new() { UserCount = 6_040, MovieCount = 3_706, RatingCount = 1_000_209 };

    /// <summary>Makes the data set. Takes time in proportion to users times movies, about 50 ns each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is not positive, or there are too many ratings for the users and movies.</exception>
    public MovieLensData Generate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(UserCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MovieCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RatingCount);
        ArgumentOutOfRangeException.ThrowIfNegative(TasteStrength);
        if (RatingCount > 0.4 * UserCount * MovieCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(RatingCount), RatingCount, $"{UserCount} users and {MovieCount} movies have room for {(long)(0.4 * UserCount * MovieCount)} ratings.");
        }

        var random = new SeededRandom(Seed);
        var space = new TasteSpace(random.Stream(1));
        var movies = new GeneratedMovies(MovieCount, space, random.Stream(2));
        var users = new GeneratedUsers(UserCount, space, random.Stream(3));
        var ratings = new GeneratedRatings(users, movies, RatingCount, TasteStrength, random.Stream(4));
        return new MovieLensData(ratings.Table(), movies.Table(), users.Table());
    }
}

namespace DotRec.Data;

/// <summary>The three tables of a MovieLens data set.</summary>
/// <param name="Ratings">user_id, movie_id, movie_title, rating, timestamp: see <see cref="MovieLens.LoadRatings"/>.</param>
/// <param name="Movies">movie_id, movie_title, genres: see <see cref="MovieLens.LoadMovies"/>.</param>
/// <param name="Users">user_id, age, gender, occupation, zip_code: see <see cref="MovieLens.LoadUsers"/>; null when the set has no table of users.</param>
public sealed record MovieLensData(FeatureBatch Ratings, FeatureBatch Movies, FeatureBatch? Users);

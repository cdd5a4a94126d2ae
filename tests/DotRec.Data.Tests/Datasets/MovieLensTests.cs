using System.IO.Compression;

namespace DotRec.Data.Tests;

public class MovieLensTests
{
    [Fact]
    public void Ml_100k_has_its_published_counts()
    {
        var path = Find("ml-100k.zip");
        var ratings = MovieLens.LoadRatings(path);
        var movies = MovieLens.LoadMovies(path);
        var users = MovieLens.LoadUsers(path);

        Assert.Equal("user_id: String, movie_id: String, movie_title: String, rating: Float32, timestamp: Int64", string.Join(", ", ratings.Schema));
        Assert.Equal(100_000, ratings.RowCount);
        Assert.Equal(943, ratings.DistinctBy("user_id").RowCount);
        Assert.Equal(1_682, movies.RowCount);
        Assert.Equal(1_664, movies.DistinctBy("movie_title").RowCount);
        Assert.Equal(1_664, ratings.DistinctBy("movie_title").RowCount);
        Assert.Equal(943, users.RowCount);
        Assert.Equal(("196", "242", "Kolya (1996)", 3f, 881250949L), Rating(ratings, 0));
        Assert.Equal(["Animation", "Children's", "Comedy"], movies.Get<string>("genres").Row(0).ToArray());
        Assert.Equal(24, users.Get<long>("age").Values[0]);
        Assert.Equal("technician", users.Get<string>("occupation").Values[0]);
        Assert.Contains("T8H1N", users.Get<string>("zip_code").Values.ToArray());
        Assert.Contains("Misérables, Les (1995)", movies.Get<string>("movie_title").Values.ToArray());
        Assert.Equal(3.52986, ratings.Get<float>("rating").Values.ToArray().Average(rating => (double)rating), 5);
    }

    [Fact]
    public void Ml_1m_without_timestamps_is_read_from_its_other_ratings_file()
    {
        var path = Find("ml-1m-partial-timestamps.zip");
        var ratings = MovieLens.LoadRatings(path);
        var users = MovieLens.LoadUsers(path);

        Assert.Equal("user_id: String, movie_id: String, movie_title: String, rating: Float32", string.Join(", ", ratings.Schema));
        Assert.Equal(1_000_209, ratings.RowCount);
        Assert.Equal(6_040, ratings.DistinctBy("user_id").RowCount);
        Assert.Equal(3_706, ratings.DistinctBy("movie_id").RowCount);
        Assert.Equal(3_883, MovieLens.LoadMovies(path).RowCount);
        Assert.Equal(6_040, users.RowCount);
        Assert.Equal("K-12 student", users.Get<string>("occupation").Values[0]);
    }

    [Fact]
    public void Ml_latest_small_has_its_published_counts()
    {
        var path = Find("ml-latest-small.zip");
        var ratings = MovieLens.LoadRatings(path);
        var movies = MovieLens.LoadMovies(path);

        Assert.Equal(100_836, ratings.RowCount);
        Assert.Equal(610, ratings.DistinctBy("user_id").RowCount);
        Assert.Equal(9_742, movies.RowCount);
        Assert.Equal(("1", "1", "Toy Story (1995)", 4f, 964982703L), Rating(ratings, 0));
        Assert.Equal("American President, The (1995)", movies.Get<string>("movie_title").Values[10]);
        Assert.Contains("11'09\"01 - September 11 (2002)", movies.Get<string>("movie_title").Values.ToArray());
        Assert.DoesNotContain("(no genres listed)", movies.Get<string>("genres").Values.ToArray());
        Assert.Contains("no file of users", Assert.Throws<DataFormatException>(() => MovieLens.LoadUsers(path)).Message);
    }

    [Fact]
    public void The_extracted_folder_gives_the_same_rows_as_the_zip()
    {
        var path = Find("ml-100k.zip");
        using var folder = new TemporaryFolder();
        ZipFile.ExtractToDirectory(path, folder.Path);

        var (zipped, extracted) = (MovieLens.LoadRatings(path), MovieLens.LoadRatings(folder.Path));

        Assert.Equal(zipped.Get<string>("movie_title").Values, extracted.Get<string>("movie_title").Values);
        Assert.Equal(zipped.Get<long>("timestamp").Values, extracted.Get<long>("timestamp").Values);
    }

    [Fact]
    public void Genres_and_codes_of_the_1m_layout_are_given_by_name()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ml-1m/ratings.dat", "1::3::5::978300760\n");
        folder.Write("ml-1m/movies.dat", [.. "3::Am"u8, 0xE9, .. "lie: a tale::Comedy|Romance\n"u8]);
        folder.Write("ml-1m/users.dat", "1::F::18::20::48067\n");

        Assert.Equal(("1", "3", "Amélie: a tale", 5f, 978300760L), Rating(MovieLens.LoadRatings(folder.Path), 0));
        Assert.Equal(["Comedy", "Romance"], MovieLens.LoadMovies(folder.Path).Get<string>("genres").Row(0).ToArray());
        Assert.Equal(["writer"], MovieLens.LoadUsers(folder.Path).Get<string>("occupation").Values.ToArray());
    }

    [Fact]
    public void A_folder_without_a_known_layout_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        folder.Write("something.csv", "a,b\n1,2\n");

        var error = Assert.Throws<DataFormatException>(() => MovieLens.LoadRatings(folder.Path));

        Assert.StartsWith($"{folder.Path}: found no MovieLens data set, expected the files u.data and u.item (100K)", error.Message);
    }

    [Fact]
    public void A_broken_rating_is_told_by_file_line_and_column()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n1,1,good,964982703\n");
        folder.Write("movies.csv", "movieId,title,genres\n1,Toy Story (1995),Comedy\n");

        var error = Assert.Throws<DataFormatException>(() => MovieLens.LoadRatings(folder.Path));

        Assert.Equal($"{folder.Path}/ratings.csv, line 3, column 3 'rating': found 'good', expected a number.", error.Message);
    }

    private static string Find(string name)
    {
        var path = TestData.Find(name);
        Assert.SkipWhen(path is null, TestData.Absent(name));
        return path!;
    }

    private static (string, string, string, float, long) Rating(FeatureBatch ratings, int row) =>
        (ratings.Get<string>("user_id").Values[row], ratings.Get<string>("movie_id").Values[row], ratings.Get<string>("movie_title").Values[row],
            ratings.Get<float>("rating").Values[row], ratings.Get<long>("timestamp").Values[row]);
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DotRec.Data.Tests;

public class MovieLensGeneratorTests
{
    private static readonly MovieLensData Data = new MovieLensGenerator().Generate();

    [Fact]
    public void The_default_has_the_size_and_columns_of_ml_100k()
    {
        Assert.Equal("user_id: String, movie_id: String, movie_title: String, rating: Float32, timestamp: Int64", string.Join(", ", Data.Ratings.Schema));
        Assert.Equal("movie_id: String, movie_title: String, genres: String[]", string.Join(", ", Data.Movies.Schema));
        Assert.Equal("user_id: String, age: Int64, gender: String, occupation: String, zip_code: String", string.Join(", ", Data.Users!.Schema));
        Assert.Equal((100_000, 1_682, 943), (Data.Ratings.RowCount, Data.Movies.RowCount, Data.Users!.RowCount));
        Assert.Equal((1_682, 943), (Data.Ratings.DistinctBy("movie_id").RowCount, Data.Ratings.DistinctBy("user_id").RowCount));
        Assert.Equal(1_682, Data.Movies.DistinctBy("movie_title").RowCount);
        Assert.Equal(Data.Ratings.Get<string>("movie_title").Values, Data.Ratings.DropColumns("movie_title").Join(Data.Movies, "movie_id").Get<string>("movie_title").Values);
        Assert.Equal(100_000, Data.Ratings.Join(Data.Users!, "user_id").RowCount);
    }

    [Fact]
    public void No_user_rates_a_movie_twice_and_everybody_rates_twenty()
    {
        var (users, movies) = (Data.Ratings.Get<string>("user_id").Values.ToArray(), Data.Ratings.Get<string>("movie_id").Values.ToArray());
        Assert.Equal(100_000, users.Zip(movies).Distinct().Count());
        Assert.InRange(users.CountBy(user => user).Min(user => user.Value), 20, 30);
        Assert.InRange(users.CountBy(user => user).Max(user => user.Value), 500, 757);
    }

    [Fact]
    public void Ratings_spread_like_those_of_ml_100k_and_come_in_time_order()
    {
        var stars = Data.Ratings.Get<float>("rating").Values.ToArray();
        Assert.Equal([1f, 2f, 3f, 4f, 5f], stars.Distinct().Order());
        var mean = stars.Average();
        Assert.InRange(mean, 3.45, 3.6);
        Assert.InRange(Math.Sqrt(stars.Average(rating => Math.Pow(rating - mean, 2))), 1.0, 1.2);
        var times = Data.Ratings.Get<long>("timestamp").Values.ToArray();
        Assert.Equal(times.Order(), times);
        Assert.InRange(times[0], 874_724_710, 875_000_000);
    }

    [Fact]
    public void Popularity_finds_what_it_finds_in_ml_100k_and_taste_clearly_more()
    {
        var split = Data.Ratings.RandomSplit(0.8, seed: 7);
        var popularity = Baselines.PopularityHitRate(split, k: 100);

        Assert.InRange(popularity, 0.27, 0.31);
        Assert.InRange(Baselines.ItemCosineHitRate(split, k: 100), popularity + 0.05, 0.5);
        Assert.InRange(
            Baselines.ItemCosineHitRate(split, k: 100, excludeSeen: true), Baselines.PopularityHitRate(split, k: 100, excludeSeen: true) + 0.1, 0.65);
    }

    [Fact]
    public void Without_taste_there_is_nothing_to_learn_beyond_popularity()
    {
        var split = new MovieLensGenerator { TasteStrength = 0 }.Generate().Ratings.RandomSplit(0.8, seed: 7);
        Assert.InRange(Baselines.ItemCosineHitRate(split, k: 100), 0.2, Baselines.PopularityHitRate(split, k: 100));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        var small = new MovieLensGenerator { UserCount = 50, MovieCount = 80, RatingCount = 1_000 };
        Assert.Equal("605A97", Fingerprint(small));
        Assert.Equal(Fingerprint(small), Fingerprint(small));
        Assert.NotEqual(Fingerprint(small), Fingerprint(small with { Seed = 43 }));
    }

    [Fact]
    public void Any_size_has_exactly_the_asked_counts()
    {
        foreach (var (users, movies, ratings) in ((int, int, int)[])[(1, 1, 1), (1, 10, 4), (3, 5, 6), (200, 30, 2_400), (20, 3_000, 5_000)])
        {
            if (ratings <= 0.4 * users * movies)
            {
                var data = new MovieLensGenerator { UserCount = users, MovieCount = movies, RatingCount = ratings }.Generate();
                Assert.Equal((users, movies, ratings), (data.Users!.RowCount, data.Movies.RowCount, data.Ratings.RowCount));
            }
        }
    }

    [Fact]
    public void Counts_that_cannot_be_met_are_refused()
    {
        Assert.StartsWith("3 users and 5 movies have room for 6 ratings.", Assert.Throws<ArgumentOutOfRangeException>(
            () => new MovieLensGenerator { UserCount = 3, MovieCount = 5, RatingCount = 7 }.Generate()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MovieLensGenerator { UserCount = 0 }.Generate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new MovieLensGenerator { TasteStrength = -1 }.Generate());
    }

    private static string Fingerprint(MovieLensGenerator generator)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var data = generator.Generate();
        foreach (var column in data.Ratings.Columns.Concat(data.Movies.Columns).Concat(data.Users!.Columns))
        {
            hash.AppendData(column switch
            {
                Column<string> strings => Encoding.UTF8.GetBytes(string.Join('\n', strings.Values.ToArray())),
                Column<long> integers => MemoryMarshal.AsBytes(integers.Values),
                Column<float> floats => MemoryMarshal.AsBytes(floats.Values),
                _ => throw new NotSupportedException(),
            });
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..6];
    }
}

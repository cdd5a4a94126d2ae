using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Who rated what, how, and when.</summary>
internal sealed class GeneratedRatings
{
    private const long FirstTime = 874_724_710;
    private const long LastTime = 893_286_638;
    private const double MeanRating = 3.52;

    // Users choose what suits them, so the affinities of what they rate lie above 0.
    private const double MeanChosenAffinity = 1;

    private readonly GeneratedUsers _users;
    private readonly GeneratedMovies _movies;
    private readonly double _tasteStrength;
    private readonly int[] _user;
    private readonly int[] _movie;
    private readonly float[] _stars;
    private readonly long[] _time;

    public GeneratedRatings(GeneratedUsers users, GeneratedMovies movies, int count, double tasteStrength, SeededRandom random)
    {
        _users = users;
        _movies = movies;
        _tasteStrength = tasteStrength;
        _user = new int[count];
        _movie = new int[count];
        _stars = new float[count];
        _time = new long[count];
        var counts = Counts(count);
        var next = 0;
        for (var user = 0; user < users.Count; user++)
        {
            Rate(user, next, counts[user], random.Stream((ulong)user));
            next += counts[user];
        }

        RateTheUnrated(counts, random);
        SortByTime();
    }

    public FeatureBatch Table() => new(
        new Column<string>("user_id", Array.ConvertAll(_user, _users.Id)),
        new Column<string>("movie_id", Array.ConvertAll(_movie, _movies.Id)),
        new Column<string>("movie_title", Array.ConvertAll(_movie, _movies.Title)),
        new Column<float>("rating", _stars),
        new Column<long>("timestamp", _time));

    // At least 20 ratings a user, as in MovieLens, where there are so many; the rest in proportion to activity, none rating almost everything.
    private int[] Counts(int count)
    {
        var least = Math.Min(20, count / _users.Count);
        var most = Math.Max(least, (int)(0.45 * _movies.Count));
        var (spare, activity) = (count - (least * _users.Count), _users.Activity.Sum());
        var counts = Array.ConvertAll(_users.Activity, share => Math.Min(most, least + (int)(spare * share / activity)));
        for (var (left, user) = (count - counts.Sum(), 0); left > 0; user = (user + 1) % counts.Length)
        {
            var added = counts[user] < most ? 1 : 0;
            counts[user] += added;
            left -= added;
        }

        return counts;
    }

    // Draws movies without replacement: those with the smallest of exponential times over weight (Efraimidis and Spirakis, 2006).
    private void Rate(int user, int first, int count, SeededRandom random)
    {
        var arrivals = new double[_movies.Count];
        var affinities = new double[_movies.Count];
        var movies = new int[_movies.Count];
        for (var movie = 0; movie < movies.Length; movie++)
        {
            movies[movie] = movie;
            affinities[movie] = TasteSpace.Affinity(_users.Taste[user], _movies.Character[movie]);
            var logWeight = _movies.Popularity[movie] + (_tasteStrength * affinities[movie]);
            arrivals[movie] = -Math.Log(1 - random.NextDouble()) * Math.Exp(-logWeight);
        }

        Array.Sort(arrivals, movies);
        random.Shuffle(movies.AsSpan(0, count));
        var time = FirstTime + (long)((LastTime - FirstTime) * random.NextDouble() * 0.9);
        for (var i = 0; i < count; i++)
        {
            var movie = movies[i];
            var stars = MeanRating + _movies.Quality[movie] + _users.Habit[user] + (0.3 * (affinities[movie] - MeanChosenAffinity)) + random.NextNormal();

            // Seconds between ratings of one sitting; about one time in forty the user comes back days later.
            time += random.NextInt(40) == 0 ? 86_400L * (1 + random.NextInt(9)) : 5 + random.NextInt(55);
            _user[first + i] = user;
            _movie[first + i] = movie;
            _stars[first + i] = (float)Math.Clamp(Math.Round(stars, MidpointRounding.AwayFromZero), 1, 5);
            _time[first + i] = Math.Min(time, LastTime);
        }
    }

    // MovieLens holds rated movies only. A movie nobody drew takes the place of the most rated movie of some user.
    private void RateTheUnrated(int[] countOfUser, SeededRandom random)
    {
        var firstOf = new int[countOfUser.Length];
        for (var user = 1; user < firstOf.Length; user++)
        {
            firstOf[user] = firstOf[user - 1] + countOfUser[user - 1];
        }

        var ratings = new int[_movies.Count];
        foreach (var movie in _movie)
        {
            ratings[movie]++;
        }

        for (var movie = 0; movie < ratings.Length && _movie.Length >= ratings.Length; movie++)
        {
            if (ratings[movie] > 0)
            {
                continue;
            }

            var user = random.NextInt(firstOf.Length);
            var row = firstOf[user];
            for (var other = row; other < firstOf[user] + countOfUser[user]; other++)
            {
                row = ratings[_movie[other]] > ratings[_movie[row]] ? other : row;
            }

            if (countOfUser[user] > 0 && ratings[_movie[row]] > 1)
            {
                ratings[_movie[row]]--;
                ratings[movie]++;
                _movie[row] = movie;
            }
        }
    }

    // Rows come in time order, as a log does. The row number in the low bits makes all keys different.
    private void SortByTime()
    {
        var order = new int[_time.Length];
        var keys = new long[_time.Length];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
            keys[row] = (_time[row] << 32) | (uint)row;
        }

        Array.Sort(keys, order);
        Reorder(_user, order);
        Reorder(_movie, order);
        Reorder(_stars, order);
        Reorder(_time, order);
    }

    private static void Reorder<T>(T[] values, int[] order)
    {
        var former = (T[])values.Clone();
        for (var row = 0; row < order.Length; row++)
        {
            values[row] = former[order[row]];
        }
    }
}

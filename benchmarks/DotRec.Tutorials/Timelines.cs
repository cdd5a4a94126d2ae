using DotRec.Data;
using DotRec.Modeling;
using DotRec.Testing;

namespace DotRec.Tutorials;

/// <summary>
/// MovieLens 1M as the generator of TFRS' "sequential_retrieval" makes examples of it: ratings of 2 and more, users with at least three of them, each
/// next film with the ten before it, and a random tenth of these examples as the test.
/// </summary>
internal sealed class Timelines
{
    private const int MostContext = 10;
    private const int ShortestTimeline = 3;
    private const float LowestRating = 2;
    private const double TestShare = 0.1;

    private readonly int[][] _timelines;
    private readonly long[] _films;

    private Timelines(int[][] timelines, long[] films) => (_timelines, _films) = (timelines, films);

    /// <summary>Films of the catalogue, those that nobody rated too.</summary>
    public int FilmCount => _films.Length;

    /// <summary>Examples of both parts.</summary>
    public int ExampleCount => _timelines.Sum(timeline => timeline.Length - 1);

    /// <summary>The catalogue: movie_id.</summary>
    public FeatureBatch Films => new(new Column<long>("movie_id", _films));

    /// <summary>Reads the set. Where it has no times, rows stand in the order of time.</summary>
    public static Timelines Load(string path)
    {
        var ratings = MovieLens.LoadRatings(path);
        var films = Array.ConvertAll(MovieLens.LoadMovies(path).Get<string>("movie_id").Values.ToArray(), long.Parse);
        var rows = films.Index().ToDictionary(film => film.Item, film => film.Index);
        var (users, items, stars) = (ratings.Get<string>("user_id").Values.ToArray(), ratings.Get<string>("movie_id").Values.ToArray(), ratings.Get<float>("rating").Values.ToArray());
        long[] times = ratings.TryGet("timestamp", out var column) ? ((Column<long>)column).Values.ToArray() : [.. Enumerable.Range(0, users.Length)];
        var timelines = Enumerable.Range(0, users.Length)
            .Where(row => stars[row] >= LowestRating)
            .GroupBy(row => users[row], StringComparer.Ordinal)
            .Select(user => user.OrderBy(row => times[row]).Select(row => rows[long.Parse(items[row])]).ToArray())
            .Where(timeline => timeline.Length >= ShortestTimeline);
        return new Timelines([.. timelines], films);
    }

    /// <summary>The generator's split: a random tenth of all examples, so that what a user did before and after a test example may be trained on.</summary>
    public Split Random(ulong seed)
    {
        var draws = new NumpyRandom((uint)seed).Uniforms(ExampleCount);
        var next = 0;
        return Divide((_, _) => draws[next++] < TestShare);
    }

    /// <summary>The last tenth of every user's examples: nothing of a user that comes after a test example is trained on.</summary>
    public Split LastOfEachUser() => Divide((timeline, place) => place >= Math.Ceiling(timeline.Length * (1 - TestShare)));

    private Split Divide(Func<int[], int, bool> isTest)
    {
        var (kept, asked, wanted, train) = (new List<IReadOnlyList<int>>(), new List<IReadOnlyList<int>>(), new List<int>(), new List<(int[] Context, int Next)>());
        foreach (var timeline in _timelines)
        {
            var own = new List<int> { timeline[0] };
            for (var place = 1; place < timeline.Length; place++)
            {
                var context = timeline[Math.Max(0, place - MostContext)..place];
                if (isTest(timeline, place))
                {
                    asked.Add(context);
                    wanted.Add(timeline[place]);
                }
                else
                {
                    own.Add(timeline[place]);
                    train.Add((context, timeline[place]));
                }
            }

            kept.Add(own);
        }

        var test = new NextItems(Histories.Of(FilmCount, asked), [.. Enumerable.Range(0, asked.Count)], wanted);
        return new Split(Films, Histories.Of(FilmCount, kept), test, Batch(train), Batch([.. asked.Zip(wanted, (context, next) => (context.ToArray(), next))]));
    }

    // Contexts of a fixed width, filled up behind by an id that no film has, as the generator does.
    private FeatureBatch Batch(List<(int[] Context, int Next)> examples)
    {
        var columns = new Column[MostContext + 1];
        for (var place = 0; place < MostContext; place++)
        {
            columns[place] = new Column<long>(ContextColumn(place), [.. examples.Select(one => place < one.Context.Length ? _films[one.Context[place]] : 0)]);
        }

        columns[MostContext] = new Column<long>("movie_id", [.. examples.Select(one => _films[one.Next])]);
        return new FeatureBatch(columns);
    }

    /// <summary>The column of the film at a place of the context, the oldest at 0.</summary>
    public static string ContextColumn(int place) => FormattableString.Invariant($"context_{place}");

    /// <summary>Columns of a context.</summary>
    public static IEnumerable<string> ContextColumns => Enumerable.Range(0, MostContext).Select(ContextColumn);

    /// <summary>Examples to learn from and to be asked.</summary>
    /// <param name="Films">The catalogue.</param>
    /// <param name="Train">What is left of every timeline without the test's films: a model of histories never is told what a test example asks for.</param>
    /// <param name="Test">The contexts of the test with what came next.</param>
    /// <param name="TrainRows">The training examples as the notebook's model reads them.</param>
    /// <param name="TestRows">The test examples likewise.</param>
    internal sealed record Split(FeatureBatch Films, Histories Train, NextItems Test, FeatureBatch TrainRows, FeatureBatch TestRows);
}

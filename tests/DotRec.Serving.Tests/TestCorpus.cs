using System.Globalization;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Kernels;
using DotRec.Onnx;

namespace DotRec.Serving.Tests;

/// <summary>A small seeded corpus: users "1" … U, items "m0" … , all embeddings random, and the plain arithmetic to check answers with.</summary>
internal sealed class TestCorpus
{
    public TestCorpus(int users = 20, int items = 50, int dimension = 8, ulong seed = 7)
    {
        (Users, ItemCount, Dimension) = (users, items, dimension);
        var random = new SeededRandom(seed);
        UserTable = Draw(random, (users + 1) * dimension);
        Embeddings = Draw(random, items * dimension);
        Ids = [.. Enumerable.Range(0, items).Select(row => "m" + Text(row))];
        Titles = [.. Enumerable.Range(0, items).Select(row => row % 7 == 3 ? "" : $"Film, \"{Text(row)}\" é")];
        Genres = [.. Enumerable.Range(0, items).Select(row => Enumerable.Range(0, row % 4).Select(i => "g" + Text((row + i) % 5)).ToArray())];
        Years = [.. Enumerable.Range(0, items).Select(row => 1950L + row)];
    }

    public int Users { get; }

    public int ItemCount { get; }

    public int Dimension { get; }

    public float[] UserTable { get; }

    public float[] Embeddings { get; }

    public string[] Ids { get; }

    /// <summary>Empty where there is none.</summary>
    public string[] Titles { get; }

    public long[] Years { get; }

    /// <summary>None to three of "g0" … "g4".</summary>
    public string[][] Genres { get; }

    public OnnxModel QueryModel => TestModels.UserTower(UserTable, Dimension, tellsKnown: true);

    /// <summary>The items as columns: movie_id, title and year.</summary>
    public FeatureBatch Items => new(new Column<string>("movie_id", Ids), new Column<string>("title", Titles), new Column<long>("year", Years));

    public RecommenderOptions Options => new()
    {
        ItemIdColumn = "movie_id",
        Items = Items,
    };

    /// <summary>With a random ranker of user_id, movie_id, year and genres, and age as a context feature.</summary>
    public RecommenderOptions RankedOptions(ulong seed = 1, int rankedCandidates = 20) => Options with
    {
        Items = Items.With(Lists("genres", Genres)),
        Ranker = TestModels.NetworkRanker(this, seed),
        RankedCandidates = rankedCandidates,
        ContextFeatures = ["age"],
    };

    /// <summary>Who had what, as a data set.</summary>
    public FeatureBatch Interactions(params (string User, int Row)[] pairs) => new(
        new Column<string>("user_id", [.. pairs.Select(pair => pair.User)]), new Column<string>("movie_id", [.. pairs.Select(pair => Ids[pair.Row])]));

    /// <summary>Interactions of somebody whom no test asks for, after which the items have these counts.</summary>
    public FeatureBatch Chosen(long[] counts) => Interactions([.. counts.SelectMany((count, row) => Enumerable.Repeat(("somebody", row), (int)count))]);

    public static Column<T> Lists<T>(string name, T[][] lists)
        where T : notnull => new(name, [.. lists.SelectMany(list => list)], [0, .. lists.Select((_, row) => lists.Take(row + 1).Sum(list => list.Length))]);

    public BruteForceIndex Index(ScoreFunction score = ScoreFunction.Dot) => BruteForceIndex.Build(Embeddings, ItemIds.From(Ids), score);

    public Recommender Recommender(RecommenderOptions? options = null) => new(QueryModel, Index(), options ?? Options);

    /// <summary>Rows by falling inner product with the user's vector, in double; user 0 is the unknown one.</summary>
    public int[] Ranked(int user, params int[] excluded) =>
        [.. Enumerable.Range(0, ItemCount).Except(excluded).OrderByDescending(row => Score(user, row)).ThenBy(row => row)];

    public double Score(int user, int row)
    {
        var sum = 0.0;
        for (var i = 0; i < Dimension; i++)
        {
            sum += (double)UserTable[(user * Dimension) + i] * Embeddings[(row * Dimension) + i];
        }

        return sum;
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static float[] Draw(SeededRandom random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return values;
    }
}

using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving.Tests;

/// <summary>A model that reads histories, a model that does not, and lists, alone and blended.</summary>
public sealed class HistoryModelRecommenderTests : IDisposable
{
    private const int Users = 3;
    private static readonly ItemIds Numbers = ItemIds.From([10L, 20L, 30L, 40L]);

    // Who had what: 1 had 10, 30, 20; 2 had 40.
    private static readonly FeatureBatch Interactions = new(
        new Column<long>("user", [1, 2, 1, 1]), new Column<long>("item", [10, 40, 30, 20]));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_reads_what_the_query_gives_or_what_its_id_had()
    {
        using var recommender = OfModel();
        Assert.Equal(["year: Int64", "history: Int64[]", "age: Float32", "user: Int64"], recommender.QueryFeatures.Select(feature => feature.ToString()));
        Assert.Equal([1f, 2000f, 60f, 3f], recommender.EmbedQuery(new { user = 1, year = 2000, age = 1f }));
        Assert.Equal([1f, 2000f, 40f, 1f], recommender.EmbedQuery(new { user = 2, year = 2000, age = 1f }));
        Assert.Equal([1f, 2000f, 50f, 2f], recommender.EmbedQuery(new { user = 1, history = new[] { 20, 30 }, year = 2000, age = 1f }));
        Assert.Equal([1f, 2000f, 0f, 0f], recommender.EmbedQuery(new { user = 9, year = 2000, age = 1f }));
        Assert.Equal([1f, 2000f, 0f, 0f], recommender.EmbedQuery(new { history = Array.Empty<int>(), year = 2000, age = 1f }));

        // What is longer than histories are remembered is cut to what is newest and known.
        Assert.Equal([1f, 2000f, 80f, 4f], recommender.EmbedQuery(new { history = new[] { 10, 10, 30, 10, 20, 99, 20 }, year = 2000, age = 1f }));
    }

    [Fact]
    public void Batches_and_bundles_give_the_same_answers()
    {
        using var recommender = OfModel();
        object[] queries = [.. Enumerable.Range(0, 60).Select(i => (object)(i % 3 == 0 ? new { user = 1, year = 1, age = 2f } : i % 3 == 1 ? new { history = new[] { 10, 40 }, year = 1, age = 2f } : new { user = 7, year = 1, age = 2f }))];
        var expected = queries.Select(query => Scores(recommender.Recommend(query, k: 3))).ToArray();
        Assert.Equal(expected, recommender.RecommendBatch(queries, new RecommendOptions { K = 3 }).Select(Scores));

        recommender.Save(_folder["1"]);
        using var loaded = Recommender.Load(_folder["1"], BundleVerification.Hashes);
        Assert.Equal(expected, queries.Select(query => Scores(loaded.Recommend(query, k: 3))));
        Assert.Equal(["history", "user"], loaded.OptionalQueryFeatures.Order());
        AssertSameFiles(loaded);
    }

    [Fact]
    public void Who_had_nothing_is_unknown_and_seen_items_are_left_out()
    {
        using var recommender = OfModel(UnknownQueryPolicy.Popularity);
        Assert.True(recommender.Recommend(new { user = 9, year = 1, age = 1f }).IsByPopularity);
        Assert.False(recommender.Recommend(new { user = 2, year = 1, age = 1f }).IsUnknownQuery);
        Assert.False(recommender.Recommend(new { history = new[] { 30 }, year = 1, age = 1f }).IsUnknownQuery);
        var options = new RecommendOptions { ExcludeSeen = true, K = 4 };
        Assert.Equal([40L], recommender.Recommend(new { user = 1, year = 1, age = 1f }, options).Select(item => item.ItemId.Number));
        Assert.Equal([20L, 40L], recommender.Recommend(new { history = new[] { 30, 10 }, year = 1, age = 1f }, options).Select(item => item.ItemId.Number).Order());
    }

    [Fact]
    public void A_blend_is_both_scores_brought_to_one_scale()
    {
        using var recommender = OfBlend(weight: 0.5);
        Assert.Equal(["user_id: String", "history: String[]"], recommender.QueryFeatures.Select(feature => feature.ToString()));
        foreach (var (user, history) in new[] { ("1", new[] { "a", "b" }), ("2", ["c"]), ("1", []) })
        {
            var dense = Standardized(ItemVectors().Select(item => (UserVector(user)[0] * item[0]) + (UserVector(user)[1] * item[1])));
            var lists = Standardized(Lists(history.Length > 0 ? history : ["b", "c"]));
            var answer = recommender.Recommend(new { user_id = user, history }, k: 5);
            Assert.Equal(5, answer.Count);
            foreach (var item in answer)
            {
                var row = HistoryCorpus.Ids.RowOf(item.ItemId.Text!);
                Assert.Equal(dense[row] + (0.5 * lists[row]), item.Score, 1e-4);
            }
        }
    }

    [Fact]
    public void A_saved_blend_gives_the_same_answers()
    {
        using var recommender = OfBlend(weight: 2);
        recommender.Save(_folder["1"]);
        using var loaded = Recommender.Load(_folder["1"], BundleVerification.Hashes);
        foreach (var query in new object[] { new { user_id = "1" }, new { user_id = "2", history = new[] { "e" } }, new { user_id = "x" }, new { history = new[] { "a", "b" } } })
        {
            Assert.Equal(Scores(recommender.Recommend(query, k: 5)), Scores(loaded.Recommend(query, k: 5)));
        }

        Assert.Equal(2, loaded.Blend!.Weight);
        AssertSameFiles(loaded);
    }

    [Fact]
    public void Who_is_known_by_id_or_by_what_was_had_is_known()
    {
        using var recommender = OfBlend(weight: 1, UnknownQueryPolicy.Popularity);
        Assert.False(recommender.Recommend(new { user_id = "3" }).IsUnknownQuery); // in training, without a choice among the items
        Assert.False(recommender.Recommend(new { user_id = "x", history = new[] { "a" } }).IsUnknownQuery);
        Assert.True(recommender.Recommend(new { user_id = "x" }).IsByPopularity);
        Assert.Equal(5, recommender.Recommend(new { history = new[] { "a" } }, k: 5).Count);
    }

    [Fact]
    public void A_blend_finds_similar_items_and_diverse_ones_by_embeddings()
    {
        using var recommender = OfBlend(weight: 1);
        Assert.Equal(4, recommender.SimilarItems("a").Count);
        Assert.Equal(3, recommender.Recommend(new { user_id = "1" }, new RecommendOptions { K = 3, Diversity = 0.7f }).Count);
    }

    [Fact]
    public void Mistakes_are_told()
    {
        using var blend = OfBlend(weight: 1);
        Told<InvalidOperationException>("blended indexes cannot change", () => blend.DeleteItems("a"));
        Told<InvalidQueryException>("lacks the feature", () => blend.Recommend(new { usr = "1" }));
        using var floats = BruteForceIndex.Build(new float[16], ItemIds.From(["a", "b", "c", "d"]), ScoreFunction.Dot);
        Told<ArgumentException>("reads 'history: Int64[]'; 'history: String[]' was expected", () => new Recommender(TestModels.MixedTower(), floats, new HistoryQuery()));

        static void Told<T>(string part, Func<object> action)
            where T : Exception => Assert.Contains(part, Assert.Throws<T>(action).Message, StringComparison.Ordinal);
    }

    private void AssertSameFiles(Recommender loaded)
    {
        loaded.Save(_folder["2"]);
        Assert.Equal(
            Directory.EnumerateFiles(_folder["1"]).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), Convert.ToHexString(File.ReadAllBytes(path)))),
            Directory.EnumerateFiles(_folder["2"]).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), Convert.ToHexString(File.ReadAllBytes(path)))));
    }

    // The embedding is [age, year, sum of the history, its length].
    private static Recommender OfModel(UnknownQueryPolicy policy = UnknownQueryPolicy.OutOfVocabulary) => new(
        TestModels.MixedTower(),
        BruteForceIndex.Build([0, 0, 1, 0, 0, 0, 0, 9, 1, 0, -1, 0, 0, 1, 0, 0], Numbers, ScoreFunction.Dot),
        new HistoryQuery { Length = 4 },
        new RecommenderOptions { ItemIdColumn = "item", QueryIdFeature = "user", Interactions = Interactions, UnknownQueries = policy, ExcludeSeen = false });

    /// <summary>A model of user_id 1 to 3 and the lists of <see cref="HistoryCorpus"/>.</summary>
    internal static Recommender OfBlend(double weight, UnknownQueryPolicy policy = UnknownQueryPolicy.OutOfVocabulary) => new(
        TestModels.UserTower([0, 0, .. Enumerable.Range(1, Users).SelectMany(user => UserVector(user.ToString(System.Globalization.CultureInfo.InvariantCulture)))], 2, tellsKnown: true),
        new BlendedIndex(BruteForceIndex.Build([.. ItemVectors().SelectMany(item => item)], HistoryCorpus.Ids, ScoreFunction.Dot), HistoryCorpus.Index(), weight),
        new HistoryQuery { Decay = 0.5, Length = 2 },
        new RecommenderOptions
        {
            ItemIdColumn = "item",
            QueryIdFeature = "user_id",
            Interactions = new FeatureBatch(new Column<string>("user_id", ["1", "2", "1", "1"]), new Column<string>("item", ["a", "a", "b", "c"])),
            UnknownQueries = policy,
            ExcludeSeen = false,
        });

    private static float[] UserVector(string user) => user switch { "1" => [1, 2], "2" => [-1, 0.5f], _ => [0.25f, 1] };

    private static float[][] ItemVectors() => [[1, 0], [0, 1], [2, -1], [0.5f, 0.5f], [-1, 3]];

    private static double[] Lists(string[] history)
    {
        double[] scores = [3e-4, 2e-4, 1e-4, 1e-4, 0];
        double[][] lists = [[0, .5, .25, 0, 0], [0, 0, 1, 0, 0], [-.125, 0, 0, .5, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 2]];
        for (var age = 0; age < history.Length; age++)
        {
            for (var row = 0; row < scores.Length; row++)
            {
                scores[row] += Math.Pow(0.5, age) * lists[HistoryCorpus.Ids.RowOf(history[^(age + 1)])][row];
            }
        }

        return scores;
    }

    private static double[] Standardized(IEnumerable<double> values)
    {
        var scores = values.ToArray();
        var mean = scores.Average();
        var deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
        return Array.ConvertAll(scores, score => (score - mean) / deviation);
    }

    private static double[] Standardized(IEnumerable<float> values) => Standardized(values.Select(value => (double)value));

    private static (string, float)[] Scores(Recommendations answer) => [.. answer.Select(item => (item.ItemId.ToString()!, item.Score))];
}

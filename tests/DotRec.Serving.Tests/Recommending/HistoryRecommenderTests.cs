using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving.Tests;

public sealed class HistoryRecommenderTests : IDisposable
{
    private readonly Recommender _recommender = HistoryCorpus.Recommender();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _recommender.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_history_gets_what_its_items_lead_to_older_ones_half_as_strongly()
    {
        // a half, then b: c .125 + 1, b .25; the others by popularity.
        Assert.Equal(["c", "b", "a", "d", "e"], Ids(_recommender.Recommend(new { history = new[] { "a", "b" } }, k: 5)));
        Assert.Equal(1.125 + 1e-4, _recommender.Recommend(new { history = new[] { "a", "b" } }, k: 1)[0].Score, 1e-6);
        Assert.Equal("C", _recommender.Recommend(new { history = new List<string> { "a", "b" } }, k: 1)[0]["title"]);
    }

    [Fact]
    public void Only_the_newest_items_count_and_unknown_ones_do_not()
    {
        Assert.Equal(
            Scores(_recommender.Recommend(new { history = new[] { "a", "b" } }, k: 5)),
            Scores(_recommender.Recommend(new { history = new[] { "e", "e", "zzz", "a", "zzz", "b" } }, k: 5)));
    }

    [Fact]
    public void A_bare_id_gets_the_answer_to_what_it_had_in_training()
    {
        Assert.Equal(Scores(_recommender.Recommend(new { history = new[] { "b", "c" } }, k: 5)), Scores(_recommender.Recommend(new { user = "ann" }, k: 5)));
        Assert.Equal(Scores(_recommender.Recommend(new { user = "ann" }, k: 5)), Scores(_recommender.Recommend(new Dictionary<string, object?> { ["user"] = "ann", ["history"] = null }, k: 5)));
    }

    [Fact]
    public void Given_items_count_before_those_of_the_id()
    {
        Assert.Equal(Scores(_recommender.Recommend(new { history = new[] { "e" } }, k: 5)), Scores(_recommender.Recommend(new { user = "ann", history = new[] { "e" } }, k: 5)));
    }

    [Fact]
    public void Who_is_unknown_gets_what_is_popular()
    {
        var answer = _recommender.Recommend(new { user = "stranger" }, k: 3);
        Assert.Equal(["a", "b", "c"], Ids(answer));
        Assert.True(answer.IsUnknownQuery);
        Assert.False(answer.IsByPopularity);
        Assert.False(_recommender.Recommend(new { user = "ann" }).IsUnknownQuery);

        using var popular = HistoryCorpus.Recommender(UnknownQueryPolicy.Popularity);
        var most = popular.Recommend(new { user = "stranger" }, k: 2);
        Assert.Equal([("a", 3f), ("b", 2f)], most.Select(item => (item.ItemId.Text, item.Score)));
        Assert.True(most.IsByPopularity);
        Assert.True(popular.Recommend(new { history = new[] { "zzz" } }, k: 2).IsByPopularity);
    }

    [Fact]
    public void Seen_items_are_those_of_the_id_and_those_given()
    {
        var options = new RecommendOptions { ExcludeSeen = true, K = 5 };
        Assert.Equal(["d", "e"], Ids(_recommender.Recommend(new { user = "ann" }, options)));
        Assert.Equal(["c", "d", "e"], Ids(_recommender.Recommend(new { history = new[] { "a", "b" } }, options)));
        Assert.Equal(["c"], Ids(_recommender.Recommend(new { user = "bob", history = new[] { "a", "e" } }, options)));
    }

    [Fact]
    public void Filters_and_exclusions_take_items_out()
    {
        var query = new { history = new[] { "a", "b" } };
        Assert.Equal(["b", "a"], Ids(_recommender.Recommend(query, new RecommendOptions { Exclude = ["c", "d", "e"] })));
        Assert.Equal(["c", "d"], Ids(_recommender.Recommend(query, new RecommendOptions { Filter = _recommender.Items.Where<string>("title", title => title is "C" or "D") })));
    }

    [Fact]
    public void Batches_of_objects_and_columns_give_the_same_answers()
    {
        object[] queries = [.. Enumerable.Range(0, 100).Select(i => (object)(i % 3 == 0 ? new { user = "ann" } : i % 3 == 1 ? new { history = new[] { "a", "c" } } : new { user = "x" }))];
        var expected = queries.Select(query => Scores(_recommender.Recommend(query, k: 4))).ToArray();
        Assert.Equal(expected, _recommender.RecommendBatch(queries, new RecommendOptions { K = 4 }).Select(Scores));

        var columns = new FeatureBatch(new Column<string>("user", ["ann", "bob", "x"]));
        Assert.Equal(
            new[] { "ann", "bob", "x" }.Select(user => Scores(_recommender.Recommend(new { user }, k: 4))),
            _recommender.RecommendBatch(columns, new RecommendOptions { K = 4 }).Select(Scores));
    }

    [Fact]
    public void A_saved_recommender_gives_the_same_answers()
    {
        _recommender.Save(_folder["1"]);
        using var loaded = Recommender.Load(_folder["1"], BundleVerification.Hashes);
        foreach (var query in new object[] { new { user = "ann" }, new { user = "bob" }, new { user = "x" }, new { history = new[] { "a", "b" } } })
        {
            Assert.Equal(Scores(_recommender.Recommend(query, k: 5)), Scores(loaded.Recommend(query, k: 5)));
        }

        Assert.Equal(_recommender.QueryFeatures, loaded.QueryFeatures);
        Assert.Equal(["history", "user"], loaded.OptionalQueryFeatures.Order());
        Assert.Equal(_recommender.History, loaded.History);
        loaded.Save(_folder["2"]);
        Assert.Equal(
            Directory.EnumerateFiles(_folder["1"]).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), Convert.ToHexString(File.ReadAllBytes(path)))),
            Directory.EnumerateFiles(_folder["2"]).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), Convert.ToHexString(File.ReadAllBytes(path)))));
    }

    [Fact]
    public async Task All_queries_go_to_a_file()
    {
        var path = _folder["all.csv"];
        Assert.Equal(2, await _recommender.RecommendAllAsync(
            new[] { new { user = "ann" }, new { user = "bob" } }, path, new RecommendAllOptions { Recommend = new RecommendOptions { K = 2 } }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(5, (await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public void Similar_items_are_those_that_an_item_leads_to()
    {
        Assert.Equal(["b", "c", "d", "e"], Ids(_recommender.SimilarItems("a")));
        Assert.Equal(["c"], Ids(_recommender.SimilarItems("b", new RecommendOptions { K = 1 })));
    }

    [Fact]
    public void Diversity_takes_items_that_lead_elsewhere()
    {
        // After a → {b, c} come b → {c}, which is like it, and e → {e}, which is not.
        var filter = _recommender.Items.Where<string>("title", title => title is "A" or "B" or "E");
        Assert.Equal(["a", "b"], Ids(_recommender.Recommend(new { user = "x" }, new RecommendOptions { K = 2, Filter = filter })));
        Assert.Equal(["a", "e"], Ids(_recommender.Recommend(new { user = "x" }, new RecommendOptions { K = 2, Filter = filter, Diversity = 1 })));
    }

    [Fact]
    public void Sessions_without_ids_need_none()
    {
        using var index = HistoryCorpus.Index();
        using var sessions = new Recommender(new HistoryQuery { Feature = "basket" }, index, new RecommenderOptions { ItemIdColumn = "item" });
        Assert.Equal("basket: String[]", Assert.Single(sessions.QueryFeatures).ToString());
        Assert.Equal("c", sessions.Recommend(new { basket = new[] { "b" } }, k: 1)[0].ItemId.Text);
        Assert.True(sessions.Recommend(new { basket = Array.Empty<string>() }).IsUnknownQuery);
    }

    [Fact]
    public void Integer_ids_work_and_a_missing_one_is_nobody()
    {
        using var index = SparseIndex.Build([0, 1, 1], [1], [1f], ItemIds.From([10L, 20L]), [0.001f, 0]);
        using var recommender = new Recommender(new HistoryQuery(), index, new RecommenderOptions
        {
            ItemIdColumn = "item",
            QueryIdFeature = "user",
            Interactions = new FeatureBatch(new Column<long>("user", [0]), new Column<long>("item", [10])),
        });
        Assert.Equal(20, recommender.Recommend(new { user = 0 }, new RecommendOptions { ExcludeSeen = false })[0].ItemId.Number);
        Assert.Equal(10, recommender.Recommend(new { history = Array.Empty<int>() })[0].ItemId.Number);
        Assert.Equal(20, recommender.Recommend(new { history = new[] { 10 } })[0].ItemId.Number);
    }

    [Fact]
    public void Mistakes_are_told()
    {
        Told<InvalidQueryException>("lacks the feature", () => _recommender.Recommend(new { usr = "ann" }));
        Told<InvalidQueryException>("history", () => _recommender.Recommend(new { history = "a" }));
        Told<InvalidOperationException>("no embeddings", () => _recommender.EmbedQuery(new { user = "ann" }));
        Told<InvalidOperationException>("no query model", () => _recommender.ExportQueryModel());
        Told<InvalidOperationException>("SparseIndex", () => _recommender.DeleteItems("a"));
        using var wrong = SparseIndex.Build([0, 1], [1], [1f], HistoryCorpus.Ids);
        Told<ArgumentException>("5 items and 1 dimensions", () => new Recommender(new HistoryQuery(), wrong));
        Told<ArgumentException>("no column 'nobody'", () => new Recommender(new HistoryQuery(), HistoryCorpus.Index(), new RecommenderOptions { ItemIdColumn = "item", QueryIdFeature = "nobody", Interactions = HistoryCorpus.Interactions }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HistoryQuery { Decay = 0 });

        static void Told<T>(string part, Func<object> action)
            where T : Exception => Assert.Contains(part, Assert.Throws<T>(action).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(Recommendations answer) => answer.Select(item => item.ItemId.Text!);

    private static (string, float)[] Scores(Recommendations answer) => [.. answer.Select(item => (item.ItemId.Text!, item.Score))];
}

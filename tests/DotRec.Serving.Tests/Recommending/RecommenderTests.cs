using DotRec.Data;
using DotRec.Indexing;
using DotRec.Onnx;

namespace DotRec.Serving.Tests;

public sealed class RecommenderTests
{
    private readonly TestCorpus _corpus = new();

    [Fact]
    public void Recommends_the_items_with_the_largest_inner_products_in_order()
    {
        using var recommender = _corpus.Recommender();
        for (var user = 1; user <= _corpus.Users; user++)
        {
            var answer = recommender.Recommend(new { user_id = TestCorpus.Text(user) }, k: 12);
            Assert.Equal(_corpus.Ranked(user).Take(12), answer.Select(item => item.Row));
            Assert.All(answer, item => Assert.Equal(_corpus.Score(user, item.Row), item.Score, 1e-5));
            Assert.All(answer, item => Assert.Equal(_corpus.Ids[item.Row], item.ItemId.Text));
            Assert.False(answer.IsUnknownQuery);
        }
    }

    [Fact]
    public void Shows_display_columns_of_each_item()
    {
        using var recommender = _corpus.Recommender();
        foreach (var item in recommender.Recommend(new { user_id = "1" }, k: 50))
        {
            Assert.Equal(_corpus.Titles[item.Row], item["title"]);
            Assert.Equal(_corpus.Years[item.Row], item["year"]);
        }

        var error = Assert.Throws<ArgumentException>(() => recommender.Recommend(new { user_id = "1" })[0]["genre"]);
        Assert.StartsWith("Items have no column 'genre'. The columns are: title, year.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void K_exclusions_and_filters_are_arguments_of_the_call_and_results_are_never_padded()
    {
        using var recommender = _corpus.Recommender();
        var query = new { user_id = "3" };
        Assert.Equal(10, recommender.Recommend(query).Count);
        var best = _corpus.Ranked(3);
        Assert.Equal(best.Skip(2).Take(10), recommender.Recommend(query, new RecommendOptions { Exclude = [_corpus.Ids[best[0]], _corpus.Ids[best[1]], "no such item"] }).Select(item => item.Row));
        Assert.Equal(best.Where(row => row >= 45), recommender.Recommend(query, new RecommendOptions { K = 1000, Filter = recommender.Items.Where<long>("year", year => year >= 1995) }).Select(item => item.Row));
        Assert.Empty(recommender.Recommend(query, new RecommendOptions { Exclude = [.. _corpus.Ids] }));
        Assert.Equal(_corpus.ItemCount, recommender.Recommend(query, k: int.MaxValue).Count);
    }

    [Fact]
    public void Excluded_ids_of_the_wrong_type_are_an_error_not_a_filter_that_never_matches()
    {
        using var recommender = _corpus.Recommender();
        var error = Assert.Throws<ArgumentException>(() => recommender.Recommend(new { user_id = "1" }, new RecommendOptions { Exclude = [7L] }));
        Assert.StartsWith("The item id 7 is integer; the ids of this index are texts.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integer_ids_come_back_as_integers_and_are_excluded_by_any_integer_type()
    {
        using var index = BruteForceIndex.Build(_corpus.Embeddings, ItemIds.From(Enumerable.Range(0, 50).Select(row => 1000L + row).ToArray()));
        using var recommender = new Recommender(_corpus.QueryModel, index);
        var best = _corpus.Ranked(5);
        Assert.Equal(1000L + best[0], recommender.Recommend(new { user_id = "5" })[0].ItemId.Number);
        Assert.Equal(best[1], recommender.Recommend(new { user_id = "5" }, new RecommendOptions { Exclude = [1000 + best[0]] })[0].Row);
        Assert.Equal(best[1], recommender.Recommend(new { user_id = "5" }, new RecommendOptions { Exclude = [.. new List<long> { 1000L + best[0] }] })[0].Row);
    }

    [Fact]
    public void K_must_be_positive()
    {
        using var recommender = _corpus.Recommender();
        Assert.Throws<ArgumentOutOfRangeException>(() => recommender.Recommend(new { user_id = "1" }, k: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => recommender.RecommendBatch([new { user_id = "1" }], new RecommendOptions { K = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _corpus.Recommender(new RecommenderOptions { K = 0 }));
    }

    [Fact]
    public void An_unknown_user_gets_the_out_of_vocabulary_answer_flagged()
    {
        using var recommender = _corpus.Recommender();
        var answer = recommender.Recommend(new { user_id = "stranger" });
        Assert.True(answer.IsUnknownQuery);
        Assert.False(answer.IsByPopularity);
        Assert.Equal(_corpus.Ranked(0).Take(10), answer.Select(item => item.Row));
    }

    [Fact]
    public void An_unknown_user_gets_the_most_popular_items_when_asked_for()
    {
        var counts = Enumerable.Range(0, 50).Select(row => (long)(row * 13 % 17)).ToArray();
        using var recommender = _corpus.Recommender(_corpus.Options with { Interactions = _corpus.Chosen(counts), UnknownQueries = UnknownQueryPolicy.Popularity });
        var expected = Enumerable.Range(0, 50).OrderByDescending(row => counts[row]).ThenBy(row => row).ToArray();
        var answer = recommender.Recommend(new { user_id = "stranger" }, new RecommendOptions { Exclude = [_corpus.Ids[expected[0]]] });
        Assert.True(answer.IsUnknownQuery);
        Assert.True(answer.IsByPopularity);
        Assert.Equal(expected.Skip(1).Take(10), answer.Select(item => item.Row));
        Assert.All(answer, item => Assert.Equal(counts[item.Row], item.Score));
        Assert.Equal(_corpus.Ranked(4).Take(10), recommender.Recommend(new { user_id = "4" }).Select(item => item.Row));
        var batch = recommender.RecommendBatch([new { user_id = "4" }, new { user_id = "stranger" }]);
        Assert.Equal([false, true], batch.Select(one => one.IsByPopularity));
        Assert.Equal(expected.Take(10), batch[1].Select(item => item.Row));
    }

    [Fact]
    public void Popularity_without_counts_or_without_a_way_to_know_who_is_unknown_is_refused()
    {
        var options = _corpus.Options with { UnknownQueries = UnknownQueryPolicy.Popularity };
        Assert.Contains("nothing tells which are popular", Assert.Throws<ArgumentException>(() => _corpus.Recommender(options)).Message, StringComparison.Ordinal);
        var model = TestModels.UserTower(_corpus.UserTable, _corpus.Dimension);
        using var index = _corpus.Index();
        var error = Assert.Throws<ArgumentException>(() => new Recommender(model, index, options with { Interactions = _corpus.Interactions(("1", 2)).Select([]).DropColumns("user_id") }));
        Assert.Contains("nothing tells which are unknown", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Seen_items_are_left_out_unless_asked_for()
    {
        var best = _corpus.Ranked(2);
        var seen = _corpus.Interactions(("2", best[0]), ("2", best[3]), ("7", best[1]), ("2", best[0]));
        using var recommender = _corpus.Recommender(_corpus.Options with { Interactions = seen });
        Assert.Equal(best.Except([best[0], best[3]]).Take(10), recommender.Recommend(new { user_id = "2" }).Select(item => item.Row));
        Assert.Equal(best.Take(10), recommender.Recommend(new { user_id = "2" }, new RecommendOptions { ExcludeSeen = false }).Select(item => item.Row));
        Assert.Equal(best[1], recommender.Recommend(new { user_id = "2" }, new RecommendOptions { Exclude = ["none"] })[0].Row);
        Assert.Equal(_corpus.Ranked(9).Take(10), recommender.RecommendBatch([new { user_id = "9" }])[0].Select(item => item.Row));
    }

    [Fact]
    public void Seen_items_tell_who_is_unknown_when_the_model_does_not()
    {
        using var index = _corpus.Index();
        using var recommender = new Recommender(
            TestModels.UserTower(_corpus.UserTable, _corpus.Dimension), index, new RecommenderOptions { ItemIdColumn = "movie_id", Interactions = _corpus.Interactions(("2", 1)) });
        Assert.False(recommender.Recommend(new { user_id = "2" }).IsUnknownQuery);
        Assert.True(recommender.Recommend(new { user_id = "3" }).IsUnknownQuery);
    }

    [Fact]
    public void A_batch_is_the_loop_of_single_queries()
    {
        var seen = _corpus.Interactions([.. Enumerable.Range(1, 20).SelectMany(user => Enumerable.Range(0, user).Select(i => (TestCorpus.Text(user), ((user * 7) + i) % 50)))]);
        using var recommender = _corpus.Recommender(_corpus.Options with { Interactions = seen });
        string[] users = [.. Enumerable.Range(0, 2500).Select(i => TestCorpus.Text(i % 23))];
        var exclude = users.Select((_, i) => i % 3 == 0 ? null : (IReadOnlyCollection<ItemId>)[_corpus.Ids[i % 50], _corpus.Ids[(i + 5) % 50]]).ToArray();
        var batch = recommender.RecommendBatch(users.Select(user => new { user_id = user }), new RecommendOptions { K = 5 }, exclude);
        var columns = recommender.RecommendBatch(new FeatureBatch(new Column<string>("USER_ID", users)), new RecommendOptions { K = 5 }, exclude);
        Assert.Equal(2500, batch.Count);
        for (var i = 0; i < users.Length; i++)
        {
            var single = recommender.Recommend(new { user_id = users[i] }, new RecommendOptions { K = 5, Exclude = exclude[i] });
            Same(single, batch[i]);
            Same(single, columns[i]);
        }
    }

    [Fact]
    public void A_batch_error_gives_the_position_of_the_query()
    {
        using var recommender = _corpus.Recommender();
        var error = Assert.Throws<InvalidQueryException>(() => recommender.RecommendBatch<object>([new { user_id = "1" }, new { user_id = 2 }]));
        Assert.Equal("Query 1 (from 0): 'user_id' is a number; String was expected. Give the property the type string.", error.Message);
        Assert.Contains("exclude has 1 lists for 2 queries", Assert.Throws<ArgumentException>(
            () => recommender.RecommendBatch([new { user_id = "1" }, new { user_id = "2" }], exclude: [null])).Message, StringComparison.Ordinal);
        Assert.Empty(recommender.RecommendBatch(Array.Empty<object>()));
        Assert.Empty(recommender.RecommendBatch(new FeatureBatch(new Column<string>("user_id", []))));
    }

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.Cosine)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public void Similar_items_are_ranked_by_cosine_whatever_the_index_scores_by(ScoreFunction score)
    {
        using var index = _corpus.Index(score);
        using var recommender = new Recommender(_corpus.QueryModel, index, _corpus.Options);
        var answer = recommender.SimilarItems("m8", new RecommendOptions { K = 6, Exclude = ["m9"] });
        var expected = Enumerable.Range(0, 50).Except([8, 9]).OrderByDescending(row => Cosine(8, row)).Take(6).ToArray();
        Assert.Equal(expected, answer.Select(item => item.Row));
        Assert.All(answer, item => Assert.Equal(Cosine(8, item.Row), item.Score, 1e-5));
    }

    [Fact]
    public void Similar_items_of_an_unknown_item_is_an_error()
    {
        using var recommender = _corpus.Recommender();
        Assert.StartsWith("The index holds no item 'x'.", Assert.Throws<ArgumentException>(() => recommender.SimilarItems("x")).Message, StringComparison.Ordinal);
        Assert.StartsWith("The item id 8 is integer; the ids of this index are texts.", Assert.Throws<ArgumentException>(() => recommender.SimilarItems(8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeds_queries_and_items()
    {
        using var recommender = _corpus.Recommender(_corpus.Options with { ItemModel = TestModels.ItemTower(_corpus.UserTable, _corpus.Dimension) });
        Assert.Equal(_corpus.UserTable.AsSpan(3 * _corpus.Dimension, _corpus.Dimension).ToArray(), recommender.EmbedQuery(new { user_id = "3" }));
        Assert.Equal(_corpus.UserTable.AsSpan(4 * _corpus.Dimension, _corpus.Dimension).ToArray(), recommender.EmbedItem(new { movie_id = "4" }).Values);
        using var without = _corpus.Recommender();
        Assert.Contains("has no item model", Assert.Throws<InvalidOperationException>(() => without.EmbedItem(new { movie_id = "4" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        using var index = _corpus.Index();
        Refuses("makes embeddings of width 5; the index holds width 8", () => new Recommender(TestModels.UserTower(new float[15], 5), index));
        Refuses("The items lack 48 of the 50 items of the index, 'm2' first.", () => _corpus.Recommender(new() { ItemIdColumn = "movie_id", Items = _corpus.Items.Slice(0, 2) }));
        Refuses("The items have no column 'item_id', which is to hold their ids.", () => _corpus.Recommender(new() { Items = _corpus.Items }));
        Refuses("The interactions have no column 'item_id'", () => _corpus.Recommender(new() { Interactions = _corpus.Interactions(("1", 2)) }));
        Refuses("The interactions have no column 'who'", () => _corpus.Recommender(new() { ItemIdColumn = "movie_id", QueryIdFeature = "who", Interactions = _corpus.Interactions(("1", 2)) }));
        Refuses("must be a String or Int64 feature of the query model", () => _corpus.Recommender(new() { QueryIdFeature = "user" }));
        Refuses("The query model is refused: ", () => new Recommender(_corpus.QueryModel with { Bytes = new byte[] { 1, 2, 3 } }, index));
        Refuses("ONNX Runtime does not accept the query model", () => new Recommender(_corpus.QueryModel with { Bytes = new WireWriter().Message(7, new WireWriter()).ToArray() }, index));
        Refuses("The query model declares the vocabulary of 'user_id'", () => new Recommender(_corpus.QueryModel with { Inputs = [new OnnxValueInfo("user", OnnxElementType.String, ["batch"])] }, index));
    }

    [Fact]
    public async Task Many_threads_get_the_answers_of_one()
    {
        var seen = _corpus.Interactions([.. Enumerable.Range(1, 20).Select(user => (TestCorpus.Text(user), user))]);
        using var recommender = _corpus.Recommender(_corpus.Options with { Interactions = seen });
        var expected = Enumerable.Range(0, 23).Select(user => recommender.Recommend(new { user_id = TestCorpus.Text(user) })).ToArray();
        using var start = new Barrier(8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                for (var i = 0; i < 400; i++)
                {
                    var user = (worker + i) % 23;
                    Same(expected[user], recommender.Recommend(new { user_id = TestCorpus.Text(user) }));
                    if (i % 50 == 0)
                    {
                        Assert.Equal(_corpus.Ids.Length - 1, recommender.SimilarItems("m1", new RecommendOptions { K = 100 }).Count);
                    }
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    [Fact]
    public async Task Disposing_lets_calls_in_flight_end_and_refuses_later_ones()
    {
        var recommender = _corpus.Recommender();
        using var start = new Barrier(5);
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                try
                {
                    while (true)
                    {
                        Assert.Equal(10, recommender.Recommend(new { user_id = "1" }).Count);
                    }
                }
                catch (ObjectDisposedException)
                {
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        start.SignalAndWait(TestContext.Current.CancellationToken);
        recommender.Dispose();
        recommender.Dispose();
        await Task.WhenAll(workers);
        Assert.Throws<ObjectDisposedException>(() => recommender.Recommend(new { user_id = "1" }));
    }

    [Fact]
    public void A_warm_single_query_allocates_its_answer_and_little_else()
    {
        using var recommender = _corpus.Recommender();
        var query = new { user_id = "3" };

        // 10 results of 32 bytes, 10 ids of about 30 bytes, two objects around them.
        Assert.InRange(Allocation.BytesACall(() => recommender.Recommend(query)), 0, 1000);
    }

    internal static void Same(Recommendations expected, Recommendations actual)
    {
        Assert.Equal(expected.Select(item => (item.ItemId, item.Score)), actual.Select(item => (item.ItemId, item.Score)));
        Assert.Equal(expected.IsUnknownQuery, actual.IsUnknownQuery);
    }

    private static void Refuses(string message, Func<Recommender> make) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

    private double Cosine(int one, int other) => Dot(one, other) / Math.Sqrt(Dot(one, one) * Dot(other, other));

    private double Dot(int one, int other) => Enumerable.Range(0, _corpus.Dimension)
        .Sum(i => (double)_corpus.Embeddings[(one * _corpus.Dimension) + i] * _corpus.Embeddings[(other * _corpus.Dimension) + i]);
}

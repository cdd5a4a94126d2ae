using CsCheck;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving.Tests;

public sealed class LiveRecommenderTests : IDisposable
{
    private readonly TestCorpus _corpus = new(items: 60);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private sealed record Film(string MovieId, string Title, long Year);

    /// <summary>Upserts, deletes and questions in any order give what a recommender made anew of the items there are would give.</summary>
    [Fact]
    public void A_recommender_whose_items_changed_answers_as_one_made_of_them()
    {
        var change = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 79].HashSet[1, 6], Gen.ULong);
        Gen.Select(change.Array[1, 12], Gen.Int[0, 20], Gen.Bool).Sample(
            (changes, user, saved) =>
            {
                using var live = Live();
                var expected = Enumerable.Range(0, 60).ToDictionary(row => _corpus.Ids[row], row => (Vector: Vector(_corpus.Embeddings, row), Title: _corpus.Titles[row], Year: _corpus.Years[row]), StringComparer.Ordinal);
                foreach (var (kind, rows, seed) in changes)
                {
                    string[] ids = [.. rows.Select(row => $"m{row}")];
                    if (kind == 0)
                    {
                        Assert.Equal(ids.Count(expected.Remove), live.DeleteItems([.. ids]));
                        continue;
                    }

                    var vectors = Vectors(seed, ids.Length);
                    var columns = new FeatureBatch(new Column<string>("title", [.. ids.Select(id => $"{id} of {seed}")]), new Column<long>("year", [.. rows.Select(row => (long)seed % 100)]));
                    live.UpsertItems([.. ids], vectors, columns);
                    for (var i = 0; i < ids.Length; i++)
                    {
                        expected[ids[i]] = (Vector(vectors, i), $"{ids[i]} of {seed}", (long)seed % 100);
                    }
                }

                if (saved)
                {
                    live.Save(_folder["live"]);
                }

                using var loaded = saved ? Recommender.Load(_folder["live"]) : null;
                foreach (var recommender in new[] { live, loaded }.OfType<Recommender>())
                {
                    var answer = recommender.Recommend(new { user_id = TestCorpus.Text(user) }, new RecommendOptions { K = 100 });
                    Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), answer.Select(item => item.ItemId.Text).Order(StringComparer.Ordinal));
                    var query = recommender.EmbedQuery(new { user_id = TestCorpus.Text(user) });
                    Assert.All(answer, item =>
                    {
                        var (vector, title, year) = expected[item.ItemId.Text];
                        Assert.Equal(query.Zip(vector, (a, b) => (double)a * b).Sum(), item.Score, 1e-4);
                        Assert.Equal((title, year), (item.Get<string>("title"), item.Get<long>("year")));
                    });
                    Assert.Equal(answer.Select(item => item.Score).OrderDescending(), answer.Select(item => item.Score));
                }
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public void Items_are_upserted_by_their_raw_features_and_found_by_the_next_call()
    {
        using var index = ScannIndex.Build(_corpus.Embeddings, ItemIds.From(_corpus.Ids), cancellationToken: TestContext.Current.CancellationToken);
        using var live = new Recommender(_corpus.QueryModel, index, _corpus.Options with { ItemModel = TestModels.ItemTower(_corpus.UserTable, _corpus.Dimension) });
        live.UpsertItems([new Film("7", "Seven", 1995), new Film("m3", "Three", 2000)]);
        var answer = live.Recommend(new { user_id = "1" }, k: 100);
        var seven = Assert.Single(answer, item => item.ItemId == "7");
        Assert.Equal(("Seven", 1995), (seven.Get<string>("title"), seven.Get<long>("year")));
        Assert.Equal(live.EmbedQuery(new { user_id = "1" }).Zip(live.EmbedItem(new { movie_id = "7" }).Values, (a, b) => a * b).Sum(), seven.Score, 1e-4);
        Assert.Equal("Three", Assert.Single(answer, item => item.ItemId == "m3").Get<string>("title"));
        Assert.Equal(61, answer.Count);
    }

    [Fact]
    public void The_answer_tells_which_items_the_model_does_not_know()
    {
        using var live = Live(_corpus.Options with { ItemModel = TestModels.ItemTower(_corpus.UserTable, _corpus.Dimension, tellsKnown: true, readsYear: true) });
        var items = new FeatureBatch(new Column<string>("movie_id", ["7", "new", "8", "newer"]), new Column<long>("year", [1, 2, 1, 2]));

        Assert.Equal((false, true), (live.EmbedItem(new { movie_id = "7", year = 1 }).IsUnknownItem, live.EmbedItem(new { movie_id = "new", year = 2 }).IsUnknownItem));
        Assert.Equal([1, 3], live.EmbedItems(items).UnknownItems);
        Assert.Equal(live.EmbedItem(new { movie_id = "newer", year = 2 }).Values, live.EmbedItems(items).Values[^_corpus.Dimension..]);
        Assert.Equal(["new", "newer"], live.UpsertItems(items));
        Assert.Empty(live.UpsertItems([new Film("7", "Seven", 1995)]));
    }

    [Fact]
    public void Items_that_a_model_of_ids_alone_does_not_know_are_refused()
    {
        using var live = Live(_corpus.Options with { ItemModel = TestModels.ItemTower(_corpus.UserTable, _corpus.Dimension, tellsKnown: true) });

        Refuses(
            "The item model reads 'movie_id' alone and does not know 'stranger': all items it does not know would stand in one place.",
            () => live.UpsertItems([new Film("7", "Seven", 1995), new Film("stranger", "", 2000)]));

        Assert.DoesNotContain(live.Recommend(new { user_id = "1" }, k: 100), item => item.ItemId == "7");
        Assert.True(live.EmbedItem(new { movie_id = "stranger" }).IsUnknownItem);
        Assert.Empty(live.UpsertItems([new Film("7", "Seven", 1995)]));
    }

    [Fact]
    public void A_model_that_does_not_tell_knows_every_item()
    {
        using var live = Live(_corpus.Options with { ItemModel = TestModels.ItemTower(_corpus.UserTable, _corpus.Dimension) });

        Assert.False(live.EmbedItem(new { movie_id = "stranger" }).IsUnknownItem);
        Assert.Empty(live.UpsertItems([new Film("stranger", "", 2000)]));
    }

    [Fact]
    public void Seen_items_filters_and_popularity_outlive_changes()
    {
        using var live = Live(_corpus.Options with { Interactions = _corpus.Interactions(("1", 4), ("1", 5), ("2", 4)), UnknownQueries = UnknownQueryPolicy.Popularity });
        var recent = live.Items.Where<long>("year", year => year >= 2000);
        var one = new { user_id = "1" };
        live.DeleteItems("m50", "m5");
        live.UpsertItems(["new"], Vectors(1, 1), new FeatureBatch(new Column<long>("year", [2020])));
        Assert.DoesNotContain(live.Recommend(one, k: 100), item => item.ItemId == "m4" || item.ItemId == "m5");
        Assert.Equal(
            [.. Enumerable.Range(51, 9).Select(row => $"m{row}")],
            live.Recommend(one, new RecommendOptions { K = 100, Filter = recent }).Select(item => item.ItemId.Text).Order(StringComparer.Ordinal));
        Assert.Contains(live.Recommend(one, new RecommendOptions { K = 100, Filter = live.Items.Where<long>("year", year => year >= 2000) }), item => item.ItemId == "new");
        var popular = live.Recommend(new { user_id = "stranger" }, k: 100);
        Assert.True(popular.IsByPopularity);
        Assert.Equal(("m4", 2f), (popular[0].ItemId.Text, popular[0].Score));
        Assert.Equal(59, popular.Count);
        Assert.Equal("", live.Items["title"][live.Items.Ids.RowOf("new")]);
    }

    [Fact]
    public void A_recommender_follows_a_live_index_that_others_change()
    {
        using var index = new LiveIndex(ScannIndex.Build(_corpus.Embeddings, ItemIds.From(_corpus.Ids), cancellationToken: TestContext.Current.CancellationToken));
        using var recommender = new Recommender(_corpus.QueryModel, index, _corpus.Options);
        index.Delete("m1", "m2");
        index.Upsert("late", Vectors(3, 1));
        var answer = recommender.Recommend(new { user_id = "1" }, k: 100);
        Assert.Equal(59, answer.Count);
        Assert.DoesNotContain(answer, item => item.ItemId == "m1");
        Assert.Equal(("", 0L), (Assert.Single(answer, item => item.ItemId == "late").Get<string>("title"), Assert.Single(answer, item => item.ItemId == "late").Get<long>("year")));
    }

    [Fact]
    public async Task An_index_built_in_the_background_takes_the_old_ones_place()
    {
        using var index = new LiveIndex(ScannIndex.Build(_corpus.Embeddings, ItemIds.From(_corpus.Ids), cancellationToken: TestContext.Current.CancellationToken), rebuildAfter: 5);
        using var recommender = new Recommender(_corpus.QueryModel, index, _corpus.Options);
        recommender.UpsertItems(["a", "b", "c", "d", "e", "f"], Vectors(2, 6), new FeatureBatch(new Column<long>("year", [1, 2, 3, 4, 5, 6])));
        var before = recommender.Recommend(new { user_id = "1" }, k: 100);
        await index.Rebuilding.WaitAsync(TestContext.Current.CancellationToken);
        var after = recommender.Recommend(new { user_id = "1" }, k: 100);
        Assert.Same(index.Current, recommender.Index);
        Assert.Equal(before.Select(item => (item.ItemId, item.Get<long>("year"))), after.Select(item => (item.ItemId, item.Get<long>("year"))));
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_changes_nothing()
    {
        using var live = Live();
        var year = new FeatureBatch(new Column<long>("year", [1]));
        Refuses("Item 'x' is new and has no 'year'", () => live.UpsertItems(["x"], Vectors(1, 1)));
        Refuses("The item id 7 is integer; the ids of this index are texts.", () => live.UpsertItems([7], Vectors(1, 1), year));
        Refuses("1 ids need 8 values", () => live.UpsertItems(["x"], new float[3], year));
        Refuses("There are 1 ids but 2 rows of columns.", () => live.UpsertItems(["x"], Vectors(1, 1), new FeatureBatch(new Column<long>("year", [1, 2]))));
        Refuses("'year' received the String", () => live.UpsertItems(["x"], Vectors(1, 1), new FeatureBatch(new Column<string>("year", ["new"]))));
        Refuses("Id 'x' is given twice", () => live.UpsertItems(["x", "x"], Vectors(1, 2), new FeatureBatch(new Column<long>("year", [1, 2]))));
        Refuses("The items have no 'movie_id'", () => live.UpsertItems([new { title = "x" }]));
        Refuses("The item id 3 is integer", () => live.DeleteItems(3));
        Assert.Throws<InvalidOperationException>(() => live.UpsertItems([new Film("x", "", 1)]));
        Assert.Equal(Enumerable.Range(0, 60).Select(row => $"m{row}").Order(StringComparer.Ordinal), live.Recommend(new { user_id = "1" }, k: 100).Select(item => item.ItemId.Text).Order(StringComparer.Ordinal));
        live.UpsertItems([], []);
        Assert.Equal(0, live.DeleteItems("nothing"));
    }

    /// <summary>Every answer is that of one moment: an item's columns are of the write that its embedding is of.</summary>
    [Fact]
    public async Task Readers_never_see_half_a_write()
    {
        using var live = Live();
        using var ended = new CancellationTokenSource();
        var writing = Task.Factory.StartNew(
            () =>
            {
                for (var round = 1; round <= 300; round++)
                {
                    // The vectors of a round have length round; so has the column year.
                    string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"r{i}")];
                    float[] vectors = [.. ids.SelectMany(_ => Enumerable.Range(0, _corpus.Dimension).Select(i => i == 0 ? (float)round : 0))];
                    live.UpsertItems([.. ids], vectors, new FeatureBatch(new Column<long>("year", [.. ids.Select(_ => (long)round)])));
                    if (round % 10 == 0)
                    {
                        live.DeleteItems([.. ids]);
                    }
                }

                ended.Cancel();
            },
            TaskCreationOptions.LongRunning);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var query = live.EmbedQuery(new { user_id = "1" });
                do
                {
                    var rounds = live.Recommend(new { user_id = "1" }, k: 200).Where(item => item.ItemId.Text[0] == 'r').Select(item => (item.Get<long>("year"), item.Score)).ToArray();
                    Assert.True(rounds.Length is 0 or 20, $"{rounds.Length} of 20 items of a write");
                    Assert.True(rounds.Distinct().Count() <= 1, string.Join(", ", rounds.Distinct()));
                    Assert.All(rounds, round => Assert.Equal(query[0] * round.Item1, round.Score, Math.Abs(query[0] * round.Item1) / 50));
                }
                while (!ended.IsCancellationRequested);
            },
            TaskCreationOptions.LongRunning)).Append(writing));
    }

    private Recommender Live(RecommenderOptions? options = null) => _corpus.Recommender(options ?? _corpus.Options);

    private float[] Vectors(ulong seed, int count) => new TestCorpus(users: 1, items: count, dimension: _corpus.Dimension, seed: seed).Embeddings;

    private float[] Vector(float[] all, int row) => all.AsSpan(row * _corpus.Dimension, _corpus.Dimension).ToArray();

    private static void Refuses(string message, Action change) => Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(change).Message, StringComparison.Ordinal);
}

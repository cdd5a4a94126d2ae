using CsCheck;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving.Tests;

public sealed class RankedRecommenderTests : IDisposable
{
    private readonly TestCorpus _corpus = new();
    private readonly Recommender _recommender;
    private readonly Ranker _ranker;

    public RankedRecommenderTests()
    {
        _recommender = _corpus.Recommender(_corpus.RankedOptions());
        _ranker = new Ranker(_corpus.RankedOptions().Ranker!);
    }

    public void Dispose()
    {
        _recommender.Dispose();
        _ranker.Dispose();
    }

    [Fact]
    public void Asks_for_the_context_features_of_the_ranker_with_the_query()
    {
        Assert.Equal([new("user_id", ColumnType.String), new ColumnSchema("age", ColumnType.Float32)], _recommender.QueryFeatures);
        Assert.Equal(_ranker.Features, _recommender.RankerFeatures);
        Assert.StartsWith("The query lacks the feature 'age'", Assert.Throws<InvalidQueryException>(() => _recommender.Recommend(new { user_id = "1" })).Message, StringComparison.Ordinal);
        using var unranked = _corpus.Recommender();
        Assert.Empty(unranked.RankerFeatures);
    }

    [Fact]
    public void Answers_are_those_of_scoring_the_retrieved_rows_one_by_one_and_sorting_them() => Gen.Select(
        Gen.ULong[1, 5], Gen.Int[0, 20], Gen.Float[-5, 5], Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[0, 49].HashSet[0, 12], Gen.Int[0, 49].HashSet[0, 12], Gen.Bool)
        .Sample(
            (seed, user, age, k, candidates, excluded, seen, isFiltered) =>
            {
                var interactions = _corpus.Interactions([.. seen.Select(row => (TestCorpus.Text(user), row))]);
                using var recommender = _corpus.Recommender(_corpus.RankedOptions(seed, candidates) with { Interactions = interactions });
                using var ranker = new Ranker(_corpus.RankedOptions(seed).Ranker!);
                var forbidden = excluded.Concat(seen).Concat(isFiltered ? Enumerable.Range(0, 25) : []).ToArray();
                var expected = _corpus.Ranked(user, forbidden).Take(Math.Max(k, candidates))
                    .Select(row => (Row: row, Score: ranker.Predict(Row(user, age, row))))
                    .OrderByDescending(item => item.Score).ThenBy(item => item.Row).Take(k).ToArray();
                var answer = recommender.Recommend(new { user_id = TestCorpus.Text(user), age }, new RecommendOptions
                {
                    K = k,
                    Exclude = [.. excluded.Select(row => _corpus.Ids[row])],
                    Filter = isFiltered ? recommender.Items.Where<long>("year", year => year >= 1975) : null,
                });
                Assert.Equal(expected, answer.Select(item => (item.Row, item.Score)));
                Assert.All(answer, item => Assert.Equal(_corpus.Score(user, item.Row), item.RetrievalScore, 1e-5));
            },
            iter: 150,
            threads: 1);

    [Fact]
    public void Retrieval_and_ranking_scores_are_both_shown_and_equal_without_a_ranker()
    {
        using var unranked = _corpus.Recommender();
        Assert.All(unranked.Recommend(new { user_id = "3" }), item => Assert.Equal(item.Score, item.RetrievalScore));
        var ranked = _recommender.Recommend(new { user_id = "3", age = 1f });
        var retrieved = unranked.Recommend(new { user_id = "3" }, k: 50).ToDictionary(item => item.ItemId, item => item.Score);
        Assert.All(ranked, item => Assert.Equal(retrieved[item.ItemId], item.RetrievalScore));
        Assert.NotEqual(ranked.Select(item => item.Score), ranked.Select(item => item.RetrievalScore));
    }

    [Fact]
    public void Equal_scores_are_ordered_by_row()
    {
        var options = _corpus.Options with { Ranker = TestModels.Ranker(new float[2 * 4], new float[50 * 4], 4), ContextFeatures = ["age"], RankedCandidates = 30 };
        using var recommender = _corpus.Recommender(options);
        var rows = recommender.Recommend(new { user_id = "3", age = 0f }, k: 30).Select(item => item.Row).ToArray();
        Assert.Equal(_corpus.Ranked(3).Take(30).Order(), rows);
    }

    [Fact]
    public void The_number_of_candidates_is_that_of_the_call_and_never_less_than_k()
    {
        var query = new { user_id = "3", age = 1f };
        Assert.Empty(_recommender.Recommend(query, k: 5).Select(item => item.Row).Except(_corpus.Ranked(3).Take(20)));
        Assert.Equal(_corpus.Ranked(3).Take(7).Order(), _recommender.Recommend(query, new RecommendOptions { K = 7, RankedCandidates = 1 }).Select(item => item.Row).Order());
        Assert.Equal(Enumerable.Range(0, 50), _recommender.Recommend(query, k: int.MaxValue).Select(item => item.Row).Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => _recommender.Recommend(query, new RecommendOptions { RankedCandidates = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _corpus.Recommender(_corpus.RankedOptions(rankedCandidates: 0)));
        Assert.Empty(_recommender.Recommend(query, new RecommendOptions { Exclude = [.. _corpus.Ids] }));
    }

    [Fact]
    public void A_batch_is_the_loop_of_single_queries_bit_for_bit()
    {
        var seen = _corpus.Interactions([.. Enumerable.Range(0, 60).Select(i => (TestCorpus.Text(i % 9), i * 7 % 50))]);
        using var recommender = _corpus.Recommender(_corpus.RankedOptions(seed: 3, rankedCandidates: 30) with { Interactions = seen });
        var queries = Enumerable.Range(0, 1500).Select(i => new { user_id = TestCorpus.Text(i % 23), age = (i % 7) - 3f }).ToArray();
        var exclude = queries.Select((_, i) => i % 3 == 0 ? null : (IReadOnlyCollection<ItemId>)[.. _corpus.Ids.Where((_, row) => (row * i % 11) < i % 12)]).ToArray();
        foreach (var diversity in new[] { 0, 0.4f })
        {
            var options = new RecommendOptions { K = 6, Diversity = diversity, Exclude = ["m3"] };
            var batch = recommender.RecommendBatch(queries, options, exclude);
            var byColumn = recommender.RecommendBatch(FeatureBatch.From(queries), options, exclude);
            for (var i = 0; i < queries.Length; i++)
            {
                var single = recommender.Recommend(queries[i], options with { Exclude = [.. exclude[i] ?? [], "m3"] });
                Same(single, batch[i]);
                Same(single, byColumn[i]);
            }
        }
    }

    [Fact]
    public async Task Many_threads_get_the_answers_of_one()
    {
        var expected = Enumerable.Range(0, 23).Select(user => Ask(user)).ToArray();
        using var start = new Barrier(6);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                for (var i = 0; i < 200; i++)
                {
                    Same(expected[(worker + i) % 23], Ask((worker + i) % 23));
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Recommendations Ask(int user) => _recommender.Recommend(
            new { user_id = TestCorpus.Text(user), age = 2f }, new RecommendOptions { RankedCandidates = 10 + user, Diversity = user % 2 * 0.3f });
    }

    [Fact]
    public void An_unknown_query_is_ranked_as_unknown_or_gets_the_most_popular_items_as_they_are()
    {
        var stranger = new { user_id = "stranger", age = 1f };
        var answer = _recommender.Recommend(stranger);
        Assert.True(answer.IsUnknownQuery);
        Assert.Equal(answer.Select(item => item.Score).OrderDescending(), answer.Select(item => item.Score));
        var counts = Enumerable.Range(0, 50).Select(row => (long)(row * 13 % 17)).ToArray();
        using var popular = _corpus.Recommender(_corpus.RankedOptions() with { Interactions = _corpus.Chosen(counts), UnknownQueries = UnknownQueryPolicy.Popularity });
        var expected = Enumerable.Range(0, 50).OrderByDescending(row => counts[row]).ThenBy(row => row).Take(10).ToArray();
        var options = new RecommendOptions { Diversity = 0.5f };
        foreach (var byPopularity in new[] { popular.Recommend(stranger, options), popular.RecommendBatch([new { user_id = "4", age = 1f }, stranger], options)[1] })
        {
            Assert.True(byPopularity.IsByPopularity);
            Assert.Equal(expected, byPopularity.Select(item => item.Row));
            Assert.All(byPopularity, item => Assert.Equal((counts[item.Row], counts[item.Row]), ((long)item.Score, (long)item.RetrievalScore)));
        }

        Same(_recommender.Recommend(new { user_id = "4", age = 1f }), popular.RecommendBatch([stranger, new { user_id = "4", age = 1f }])[1]);
    }

    [Fact]
    public void Similar_items_are_not_ranked()
    {
        using var unranked = _corpus.Recommender();
        Same(unranked.SimilarItems("m4"), _recommender.SimilarItems("m4"));
    }

    [Fact]
    public void The_query_wins_where_query_and_items_have_a_feature_of_one_name_and_type()
    {
        var ages = Enumerable.Range(0, 50).Select(row => (float)row).ToArray();
        var both = _corpus.RankedOptions() with { Items = _corpus.RankedOptions().Items!.With(new Column<float>("age", ages)) };
        using var byQuery = _corpus.Recommender(both);
        Same(_recommender.Recommend(new { user_id = "3", age = 1f }), byQuery.Recommend(new { user_id = "3", age = 1f }));
        using var byItem = _corpus.Recommender(both with { ContextFeatures = [] });
        var answer = byItem.Recommend(new { user_id = "3" });
        Assert.All(answer, item => Assert.Equal(_ranker.Predict(Row(3, item.Row, item.Row)), item.Score));
    }

    [Fact]
    public void Integers_and_doubles_of_items_are_read_as_floats_and_missing_texts_as_empty()
    {
        using var long_ = _corpus.Recommender(WithAges(new Column<long>("age", [.. Enumerable.Range(0, 50).Select(row => (long)row)])));
        using var double_ = _corpus.Recommender(WithAges(new Column<double>("age", [.. Enumerable.Range(0, 50).Select(row => (double)row)])));
        var answer = long_.Recommend(new { user_id = "3" });
        Same(answer, double_.Recommend(new { user_id = "3" }));
        Assert.All(answer, item => Assert.Equal(_ranker.Predict(Row(3, item.Row, item.Row)), item.Score));

        var graph = new DotRec.Onnx.OnnxGraph("title");
        var known = graph.Node(
            "LabelEncoder",
            DotRec.Onnx.OnnxGraph.MachineLearningDomain,
            [graph.Input("title", DotRec.Onnx.OnnxElementType.String, "batch")],
            1,
            ("keys_strings", new[] { "" }),
            ("values_floats", new[] { 7f }),
            ("default_float", 1f))[0];
        graph.Output("score", known, DotRec.Onnx.OnnxElementType.Float, "batch");
        using var byTitle = _corpus.Recommender(_corpus.Options with { Ranker = graph.Build() });
        Assert.All(byTitle.Recommend(new { user_id = "3" }, k: 50), item => Assert.Equal(_corpus.Titles[item.Row].Length == 0 ? 7 : 1, item.Score));

        RecommenderOptions WithAges(Column ages) =>
            _corpus.RankedOptions() with { Items = _corpus.RankedOptions().Items!.With(ages), ContextFeatures = [] };
    }

    [Fact]
    public void Features_that_come_from_nowhere_are_named_with_what_is_known_and_what_to_do()
    {
        var options = _corpus.RankedOptions();
        Refuses(
            "The ranker reads genres: String[], which is nowhere. The query has user_id: String, age: Float32; items have movie_id: String, title: String, year: Int64. Add it to RecommenderOptions.Items if it tells of items, or name it in RecommenderOptions.ContextFeatures if it comes with each query.",
            options with { Items = _corpus.Items });
        Refuses(
            "The ranker reads genres: String[], which is there as another type. The query has user_id: String, age: Float32; items have movie_id: String, year: Int64, genres: String. Give it as the ranker reads it.",
            options with { Items = _corpus.Items.DropColumns("title").With(new Column<string>("genres", _corpus.Titles)) });
        Refuses("The context feature 'age' is for a ranker and there is none.", options with { Ranker = null });
        Refuses("The context feature 'weather' is none of the ranker's, which reads user_id", options with { ContextFeatures = ["age", "weather"] });
        Refuses("The context feature 'user_id' is one of the query model already.", options with { ContextFeatures = ["age", "user_id"] });
        Refuses("Output 'embedding' of the ranker is Float [batch, 8]; Float [batch, 1] was expected.", options with { Ranker = _corpus.QueryModel with { Outputs = [.. _corpus.QueryModel.Outputs.Take(1)] } });

        void Refuses(string message, RecommenderOptions refused) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => _corpus.Recommender(refused)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_that_is_not_finite_is_an_error_that_names_the_row()
    {
        var options = _corpus.Options with { Ranker = TestModels.Ranker(_corpus.UserTable, _corpus.Embeddings, _corpus.Dimension), ContextFeatures = ["age"] };
        using var recommender = _corpus.Recommender(options);
        var error = Assert.Throws<InvalidQueryException>(() => recommender.Recommend(new { user_id = "1", age = float.PositiveInfinity }));
        Assert.Contains("The ranker gives the score", error.Message, StringComparison.Ordinal);
        Assert.Contains("user_id = \"1\", movie_id = \"m", error.Message, StringComparison.Ordinal);
        Assert.Equal(10, recommender.Recommend(new { user_id = "1", age = 1f }).Count);
    }

    [Fact]
    public void A_warm_ranked_query_allocates_its_answer_and_the_texts_of_its_candidates()
    {
        var query = new { user_id = "3", age = 1f };
        var options = new RecommendOptions { Diversity = 0.3f };

        // As without a ranker, and an id of 32 bytes for each of 20 candidates.
        Assert.InRange(Allocation.BytesACall(() => _recommender.Recommend(query, options)), 0, 1000 + (20 * 32));
    }

    internal static void Same(Recommendations expected, Recommendations actual)
    {
        Assert.Equal(expected.Select(item => (item.ItemId, item.Score, item.RetrievalScore)), actual.Select(item => (item.ItemId, item.Score, item.RetrievalScore)));
        Assert.Equal((expected.IsUnknownQuery, expected.IsByPopularity), (actual.IsUnknownQuery, actual.IsByPopularity));
    }

    private object Row(int user, float age, int row) =>
        new { user_id = TestCorpus.Text(user), movie_id = _corpus.Ids[row], year = _corpus.Years[row], genres = _corpus.Genres[row], age };
}

using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Pipelines.Tests;

/// <summary>Items and queries that training did not know.</summary>
public sealed class ColdStartTests : IDisposable
{
    private const int Users = 150;
    private const int Items = 80;
    private const int Genres = 4;

    private static readonly RetrievalPipelineOptions Options = new()
    {
        QueryId = "user",
        ItemId = "item",
        ItemFeatures = ["genre"],
        Model = RetrievalModelKind.TwoTower,
        Test = HoldOut.ColdItems(0.2),
        Settings = RetrievalSettings.Tuned with { Epochs = 15, BatchSize = 64, Dimension = 16 },
    };

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(HoldOutKind.ColdItems, "item", 16)]
    [InlineData(HoldOutKind.ColdQueries, "user", 30)]
    public async Task All_rows_of_a_value_are_on_one_side_of_the_split_in_any_order_of_the_rows(HoldOutKind kind, string column, int held)
    {
        var options = Options with { Test = Of(kind, 0.2), Settings = Options.Settings with { Epochs = 1 }, ValidationFraction = 0.25 };
        using var result = await new RetrievalPipeline(options).RunAsync(Choices(), cancellationToken: Token);
        using var turned = await new RetrievalPipeline(options).RunAsync(Choices().Select([.. Enumerable.Range(0, Choices().RowCount).Reverse()]), cancellationToken: Token);
        using var other = await new RetrievalPipeline(options with { Seed = 1 }).RunAsync(Choices(), cancellationToken: Token);

        var (train, test) = (Values(result.Split.Train), Values(result.Split.Test));
        Assert.Equal(held, test.Count);
        Assert.Empty(train.Intersect(test));
        Assert.Equal(Choices().RowCount, result.Split.Train.RowCount + result.Split.Test.RowCount);
        Assert.Equal(test, Values(turned.Split.Test));
        Assert.NotEqual(test, Values(other.Split.Test));

        // The validation rows are of values that the trial did not know either, and are trained on in the end.
        Assert.Subset(train, Values(result.Split.Validation!));

        SortedSet<string> Values(FeatureBatch rows) => [.. rows.Get<string>(column).Values.ToArray()];
    }

    [Fact]
    public async Task New_items_are_placed_by_their_features()
    {
        using var result = await new RetrievalPipeline(Options).RunAsync(Choices(), cancellationToken: Token);
        var figures = result.ColdStart!;

        Assert.Equal((HoldOutKind.ColdItems, 16, result.Split.Test.RowCount), (figures.Kind, figures.NewCount, figures.RowCount));
        Assert.Equal(["random", "popularity", "content", "two-tower"], figures.Results.Select(one => one.Name));
        var (random, popularity, content, model) = (figures.Results[0], figures.Results[1], figures.Results[2], figures.Results[3]);
        Assert.Equal(10.0 / 16, random.AmongNew!.HitRate[10], 1e-5);
        Assert.Equal(Enumerable.Range(1, 5).Sum(rank => 1 / Math.Log2(1 + rank)) / 16, random.AmongNew.Ndcg[5], 1e-5);
        Assert.True(popularity.AmongAll.HitRate[10] < random.AmongAll.HitRate[10]);

        // Of four genres each user likes one: of sixteen new items some four are of it.
        Assert.All([content, model], one => Assert.True(one.AmongNew!.HitRate[5] > 2 * random.AmongNew.HitRate[5], $"{one}"));
        Assert.Equal(result.Evaluation.Retrieval.ExcludingSeen.HitRate[10], model.AmongAll.HitRate[10]);
    }

    [Fact]
    public async Task Without_dropout_of_ids_the_row_of_unknown_items_says_nothing()
    {
        using var without = await new RetrievalPipeline(Options with { Settings = Options.Settings with { IdDropout = 0 } }).RunAsync(Choices(), cancellationToken: Token);
        using var with = await new RetrievalPipeline(Options with { Settings = Options.Settings with { IdDropout = 0.3 } }).RunAsync(Choices(), cancellationToken: Token);

        Assert.True(with.ColdStart!.Results[^1].AmongNew!.MeanReciprocalRank > without.ColdStart!.Results[^1].AmongNew!.MeanReciprocalRank);
    }

    [Fact]
    public async Task A_bundle_tells_how_it_places_items_that_nobody_chose_in_training()
    {
        using var result = await new RetrievalPipeline(Options).RunAsync(Choices(), cancellationToken: Token);
        var evaluation = await new RecommenderEvaluator(result.Recommender).EvaluateAsync(result.Split.Test, cancellationToken: Token);

        var (trained, bundle) = (result.ColdStart!, evaluation.NewItems!);
        Assert.Equal((trained.NewCount, trained.RowCount), (bundle.NewCount, bundle.RowCount));
        Assert.Equal(trained.Results[^1].AmongAll.HitRate.ToDictionary(), bundle.Results[^1].AmongAll.HitRate.ToDictionary());
        Assert.Equal(trained.Results[^1].AmongNew!.HitRate.ToDictionary(), bundle.Results[^1].AmongNew!.HitRate.ToDictionary());
        Assert.Null((await new RecommenderEvaluator(result.Recommender).EvaluateAsync(result.Split.Train, cancellationToken: Token)).NewItems);
    }

    [Fact]
    public async Task An_upserted_item_is_found_by_those_who_like_its_features()
    {
        using var result = await new RetrievalPipeline(Options with { Test = HoldOut.None }).RunAsync(Choices(), cancellationToken: Token);

        Assert.Equal(["new"], result.Recommender.UpsertItems([new { item = "new", genre = "g1" }]).Select(id => id.Text));
        Assert.Empty(result.Recommender.UpsertItems([new { item = "i3", genre = "g3" }]));

        // User u1 likes g1, u2 does not.
        Assert.True(Rank("u1") < Rank("u2"), $"{Rank("u1")} {Rank("u2")}");

        int Rank(string user) => result.Recommender.Recommend(new { user }, k: 100).Select((one, place) => (one, place)).Single(one => one.one.ItemId == "new").place;
    }

    [Fact]
    public async Task The_search_of_models_finds_the_towers_since_no_other_model_places_new_items()
    {
        var log = new ProgressLog();
        using var result = await new RetrievalPipeline(Options with { Model = RetrievalModelKind.Auto }).RunAsync(Choices(), progress: log, cancellationToken: Token);

        Assert.Equal(RetrievalModelKind.TwoTower, result.ModelKind);
        Assert.DoesNotContain(log.Warnings, warning => warning.Contains("out of vocabulary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_place_new_items_or_answer_new_queries_says_so()
    {
        Assert.Contains("item-kNN knows items by who had them: new ones, which nobody had, are not recommended.", await WarningOf(Options with { Model = RetrievalModelKind.ItemKnn }), StringComparison.Ordinal);
        Assert.Contains(
            "the item tower reads 'item' alone: nothing tells a new item from another, so no model can place it.", await WarningOf(Options with { ItemFeatures = [] }), StringComparison.Ordinal);
        Assert.Contains(
            "EASE goes by what a query had: new queries, which had nothing, are answered with popularity",
            await WarningOf(Options with { Model = RetrievalModelKind.Ease, Test = HoldOut.ColdQueries(0.2) }), StringComparison.Ordinal);

        async Task<string> WarningOf(RetrievalPipelineOptions options)
        {
            var log = new ProgressLog();
            using var result = await new RetrievalPipeline(options).RunAsync(Choices(), progress: log, cancellationToken: Token);
            return string.Join(" ", log.Warnings);
        }
    }

    [Fact]
    public void What_contradicts_a_cold_start_is_refused()
    {
        Assert.Contains("may not know their ids", Assert.Throws<ArgumentException>(() => new RetrievalPipeline(Options with { KnowHeldOutValues = true })).Message, StringComparison.Ordinal);
        Assert.Contains("has rows and no items", Assert.Throws<ArgumentException>(() => new RankingPipeline(new() { Label = "x", Test = HoldOut.ColdItems(0.1) })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "All rows of some queries are to be held out", Assert.Throws<ArgumentException>(() => new RankingPipeline(new() { Label = "x", Test = HoldOut.ColdQueries(0.1) })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => HoldOut.ColdItems(1));
    }

    [Fact]
    public async Task Unknown_queries_get_what_their_features_say_or_what_is_popular()
    {
        var options = Options with { QueryFeatures = ["likes"], Test = HoldOut.ColdQueries(0.2) };
        using var result = await new RetrievalPipeline(options).RunAsync(Choices(), cancellationToken: Token);
        var figures = result.ColdStart!;
        Assert.Equal((HoldOutKind.ColdQueries, 30), (figures.Kind, figures.NewCount));
        Assert.Equal(["random", "popularity", "two-tower"], figures.Results.Select(one => one.Name));
        Assert.All(figures.Results, one => Assert.Null(one.AmongNew));
        Assert.True(figures.Results[^1].AmongAll.HitRate[10] > 1.5 * figures.Results[1].AmongAll.HitRate[10], $"{figures.Results[^1].AmongAll}");

        // By features unless the recommender is told otherwise.
        Assert.Equal(UnknownQueryPolicy.OutOfVocabulary, result.Recommender.Options.UnknownQueries);
        var answer = result.Recommender.Recommend(new { user = "stranger", likes = "g2" }, k: 10);
        Assert.Equal((true, false), (answer.IsUnknownQuery, answer.IsByPopularity));
        var genres = Choices().DistinctBy("item");
        var liked = genres.Get<string>("item").Values.ToArray().Zip(genres.Get<string>("genre").Values.ToArray()).Where(one => one.Second == "g2").Select(one => one.First).ToHashSet(StringComparer.Ordinal);
        Assert.True(answer.Count(one => liked.Contains(one.ItemId.Text)) > 5);

        // Towers without features and without what all queries share have nothing to say of a stranger.
        using var bare = await new RetrievalPipeline(options with { QueryFeatures = [], Settings = RetrievalSettings.Tutorial with { Epochs = 1 } }).RunAsync(Choices(), cancellationToken: Token);
        Assert.True(bare.Recommender.Recommend(new { user = "stranger" }, k: 10).IsByPopularity);
        using var shared = await new RetrievalPipeline(options with { QueryFeatures = [] }).RunAsync(Choices(), cancellationToken: Token);
        Assert.False(shared.Recommender.Recommend(new { user = "stranger" }, k: 10).IsByPopularity);

        using var neighbours = await new RetrievalPipeline(options with { Model = RetrievalModelKind.ItemKnn }).RunAsync(Choices(), cancellationToken: Token);
        Assert.Equal(UnknownQueryPolicy.Popularity, neighbours.Recommender.Options.UnknownQueries);
        Assert.True(neighbours.Recommender.Recommend(new { user = "stranger" }, k: 10).IsByPopularity);
    }

    private static HoldOut Of(HoldOutKind kind, double fraction) => kind == HoldOutKind.ColdItems ? HoldOut.ColdItems(fraction) : HoldOut.ColdQueries(fraction);

    // User u likes genre u mod 4, and has eight of its items and two of others.
    private static FeatureBatch Choices()
    {
        var (users, likes, items, genres) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        for (var user = 0; user < Users; user++)
        {
            for (var n = 0; n < 10; n++)
            {
                var item = n < 8 ? (((user / Genres) + (n * 7)) % (Items / Genres) * Genres) + (user % Genres) : ((user * 13) + (n * 29)) % Items;
                users.Add($"u{user}");
                likes.Add($"g{user % Genres}");
                items.Add($"i{item}");
                genres.Add($"g{item % Genres}");
            }
        }

        return new FeatureBatch(new Column<string>("user", [.. users]), new Column<string>("likes", [.. likes]), new Column<string>("item", [.. items]), new Column<string>("genre", [.. genres]));
    }
}

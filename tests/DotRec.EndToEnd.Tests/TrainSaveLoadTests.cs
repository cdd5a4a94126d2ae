using DotRec.Data;
using DotRec.Features;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.EndToEnd.Tests;

public sealed class TrainSaveLoadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-end-to-end-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_trained_model_is_answered_by_another_process_without_training_code_to_the_last_bit()
    {
        var data = new MovieLensGenerator { UserCount = 80, MovieCount = 120, RatingCount = 3000 }.Generate();
        var (train, test) = data.Ratings.RandomSplit(trainFraction: 0.8, seed: 42);
        var model = new TwoTowerModel(
            new Tower(new StringLookup("user_id", train), new Embedding(16)),
            new Tower(new StringLookup("movie_id", data.Movies), new Embedding(16)),
            new Retrieval(new FactorizedTopK(data.Movies, "movie_id")));
        var cancellation = TestContext.Current.CancellationToken;
        model.Fit(train, new FitOptions { Epochs = 3, BatchSize = 512, Optimizer = new Adagrad(0.1), Seed = 42 }, cancellation);
        Assert.NotNull(model.Evaluate(test, cancellationToken: cancellation));

        var ids = ItemIds.From(data.Movies.Get<string>("movie_id").Values);
        using var index = BruteForceIndex.Build(model.EmbedItems(data.Movies), ids);
        using var made = new Recommender(model.QueryTower.Export(), index, new RecommenderOptions
        {
            ItemIdColumn = "movie_id",
            Items = data.Movies.SelectColumns("movie_id", "movie_title").Rename("movie_title", "title"),
            Interactions = train,
        });
        var bundle = Path.Combine(_folder, "films");
        made.Save(bundle);

        string[] users = [.. train.Get<string>("user_id").Values.ToArray().Distinct(), "a stranger"];
        var assemblies = await AnotherProcess.AnswerAsync(bundle, users, cancellation);
        Assert.Contains("DotRec.Serving", assemblies);
        Assert.DoesNotContain("DotRec.Modeling", assemblies);
        Assert.DoesNotContain("DotRec.Features", assemblies);

        var here = Path.Combine(_folder, "here.csv");
        await made.RecommendAllAsync(
            users.Select(user => new { user_id = user }), here, new RecommendAllOptions { ItemColumns = ["title"] }, cancellationToken: cancellation);
        Assert.Equal(await File.ReadAllTextAsync(here, cancellation), await File.ReadAllTextAsync(bundle + ".csv", cancellation));
        Assert.True(made.Recommend(new { user_id = "a stranger" }).IsUnknownQuery);

        // And what is recommended is what the trained model itself scores highest, less what the user has seen.
        var query = new FeatureBatch(new Column<string>("user_id", [users[0]]));
        var seen = train.Get<string>("user_id").Values.ToArray().Zip(train.Get<string>("movie_id").Values.ToArray()).Where(pair => pair.First == users[0]).Select(pair => pair.Second).ToHashSet();
        var scores = Scores(model.EmbedQueries(query), model.EmbedItems(data.Movies));
        var expected = Enumerable.Range(0, scores.Length).Where(row => !seen.Contains(ids.GetString(row))).OrderByDescending(row => scores[row]).Take(10).ToArray();
        var answer = made.Recommend(new { user_id = users[0] });
        Assert.Equal(expected, answer.Select(item => item.Row));
        Assert.All(answer, item => Assert.Equal(scores[item.Row], item.Score, 1e-5));
    }

    private static double[] Scores(float[] query, float[] items) =>
        [.. Enumerable.Range(0, items.Length / query.Length).Select(row => query.Select((value, i) => (double)value * items[(row * query.Length) + i]).Sum())];
}

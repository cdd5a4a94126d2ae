using DotRec.Data;
using DotRec.Features;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.EndToEnd.Tests;

public sealed class MultiTaskBundleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-multitask-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_model_of_two_tasks_is_one_bundle_that_retrieves_by_embeddings_and_orders_by_predicted_ratings()
    {
        var data = new MovieLensGenerator { UserCount = 80, MovieCount = 120, RatingCount = 3000 }.Generate();
        var films = data.Movies;
        var train = data.Ratings.Join(films.SelectColumns("movie_id", "genres"), on: "movie_id");
        var model = new MultiTaskModel(
            new Tower(new StringLookup("user_id", train), new Embedding(8)),
            new Tower(new Concatenate([new StringLookup("movie_id", films), new Embedding(8)], [new StringLookup("genres", films), new Embedding(4)]), new Dense(8)),
            new Retrieval(new FactorizedTopK(films, "movie_id")),
            new RankingHead("rating", "rating", new Ranking(PointwiseLoss.SquaredError)) { LabelScale = LabelScale.Of(train["rating"]) });
        model.Fit(train, new FitOptions { Epochs = 2, BatchSize = 512 }, TestContext.Current.CancellationToken);
        using var index = BruteForceIndex.Build(model.EmbedItems(films), ItemIds.From(films.Get<string>("movie_id").Values));
        using var made = new Recommender(model.QueryTower.Export(), index, new RecommenderOptions
        {
            ItemIdColumn = "movie_id",
            Items = films,
            Ranker = model.ExportHead("rating"),
            RankedCandidates = 40,
        });
        var bundle = Path.Combine(_folder, "films");
        made.Save(bundle);
        using var served = Recommender.Load(bundle);

        var answer = served.Recommend(new { user_id = "7" }, k: 40);

        Assert.Equal(40, answer.Count);
        var rows = answer.Select(item => item.Row).ToArray();
        var asked = films.Select(rows).With(new Column<string>("user_id", [.. rows.Select(_ => "7")]));
        Assert.All(answer.Zip(model.Predict("rating", asked)), pair => Assert.Equal(pair.Second, pair.First.Score, 1e-4));
        Assert.Equal(answer.OrderByDescending(item => item.Score).ThenBy(item => item.Row).Select(item => item.Row), rows);
        var retrieved = index.Search(model.EmbedQueries(asked.Slice(0, 1)), 40);
        Assert.Equal(retrieved.Select(candidate => candidate.Row).Order(), rows.Order());
    }
}

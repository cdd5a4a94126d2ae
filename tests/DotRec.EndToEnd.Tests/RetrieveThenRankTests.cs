using DotRec.Data;
using DotRec.Features;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.EndToEnd.Tests;

public sealed class RetrieveThenRankTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-ranked-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_loaded_bundle_orders_what_it_retrieves_by_what_the_trained_ranker_predicts()
    {
        var data = new MovieLensGenerator { UserCount = 80, MovieCount = 120, RatingCount = 3000 }.Generate();
        var films = data.Movies;
        var train = data.Ratings.Join(data.Users!, on: "user_id").Join(films.SelectColumns("movie_id", "genres"), on: "movie_id");
        var cancellation = TestContext.Current.CancellationToken;
        var retrieval = new TwoTowerModel(
            new Tower(new StringLookup("user_id", train), new Embedding(8)), new Tower(new StringLookup("movie_id", films), new Embedding(8)), new Retrieval());
        retrieval.Fit(train, new FitOptions { Epochs = 2, BatchSize = 512 }, cancellation);
        var ranking = new RankingModel(
            new DeepCrossNetwork(Fields.Of(train, ["user_id", "age", "occupation", "movie_id", "genres"])), "rating", new Ranking(PointwiseLoss.SquaredError));
        ranking.Fit(train, cancellationToken: cancellation);

        using var index = ScannIndex.Build(retrieval.EmbedItems(films), ItemIds.From(films.Get<string>("movie_id").Values), cancellationToken: cancellation);
        using var made = new Recommender(retrieval.QueryTower.Export(), index, new RecommenderOptions
        {
            ItemIdColumn = "movie_id",
            Items = films,
            Ranker = ranking.Export(),
            ContextFeatures = ["age", "occupation"],
            RankedCandidates = 40,
        });
        var bundle = Path.Combine(_folder, "films");
        made.Save(bundle);
        using var served = Recommender.Load(bundle);

        var answer = served.Recommend(new { user_id = "7", age = 33L, occupation = "writer" }, k: 40);

        Assert.Equal(40, answer.Count);
        var rows = answer.Select(item => item.Row).ToArray();
        var asked = new FeatureBatch(
            new Column<string>("user_id", [.. rows.Select(_ => "7")]),
            new Column<long>("age", [.. rows.Select(_ => 33L)]),
            new Column<string>("occupation", [.. rows.Select(_ => "writer")]),
            films.Get<string>("movie_id").Select(rows),
            films.Get<string>("genres").Select(rows));
        Assert.All(answer.Zip(ranking.Predict(asked)), pair => Assert.Equal(pair.Second, pair.First.Score, 1e-4));
        Assert.Equal(answer.OrderByDescending(item => item.Score).ThenBy(item => item.Row).Select(item => item.Row), rows);

        // The candidates are the index' best, and the ranker does not merely repeat their order.
        var retrieved = index.Search(retrieval.EmbedQueries(asked.Slice(0, 1)), 40);
        Assert.Equal(retrieved.Select(candidate => candidate.Row).Order(), rows.Order());
        Assert.NotEqual(retrieved.Select(candidate => candidate.Row), rows);
    }
}

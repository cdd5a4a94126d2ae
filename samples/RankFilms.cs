#:project ../src/DotRec.Modeling
#:project ../src/DotRec.Serving
#:package Microsoft.ML.OnnxRuntime

using DotRec.Data;
using DotRec.Features;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

// 1 data: ratings, joined with what is known of users and films
var (ratings, movies, users) = new MovieLensGenerator().Generate();
var films = movies.DistinctBy("movie_title");
var (train, test) = ratings.Join(users!, on: "user_id").Join(movies.SelectColumns("movie_id", "genres"), on: "movie_id").RandomSplit(0.8, seed: 42);

// 2 retrieval: two towers find candidates by id
var retrieval = new TwoTowerModel(
    new Tower(new StringLookup("user_id", train), new Embedding(32)), new Tower(new StringLookup("movie_title", films), new Embedding(32)), new Retrieval());
retrieval.Fit(train);

// 3 ranking: a deep and cross network predicts the rating from fields of any kind
var fields = Fields.Of(train, ["user_id", "age", "gender", "occupation", "movie_title", "genres"]);
var ranking = new RankingModel(new DeepCrossNetwork(fields), "rating", new Ranking(PointwiseLoss.SquaredError));
ranking.Fit(train);
Console.WriteLine($"RMSE {ranking.Evaluate(test).Rating.Rmse:F3}");

// 4 understanding: which pairs of fields the cross layers multiply
foreach (var pair in CrossWeights.Of(ranking.Network)!.StrongestPairs().Take(3))
{
    Console.WriteLine($"{pair.First} x {pair.Second}: {pair.Strength:F2}");
}

// 5 deploy: one artifact that retrieves a hundred films and ranks them; items and context give the ranker what the query tower does not read
using var index = ScannIndex.Build(retrieval.EmbedItems(films), films["movie_title"].ToItemIds());
using var recommender = new Recommender(retrieval.QueryTower.Export(), index, new RecommenderOptions
{
    ItemIdColumn = "movie_title",
    Items = films,
    Ranker = ranking.Export(),
    ContextFeatures = ["age", "gender", "occupation"],
});
recommender.Save("models/ranked-films/1");

// 6 serve: any process, no training code
using var served = Recommender.Load("models/ranked-films/1");
foreach (var (title, rating) in served.Recommend(new { user_id = "42", age = 30L, gender = "F", occupation = "writer" }, k: 5))
{
    Console.WriteLine($"{rating:F2}  {title}");
}

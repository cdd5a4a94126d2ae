#:project ../src/DotRec.Modeling
#:project ../src/DotRec.Serving
#:package Microsoft.ML.OnnxRuntime

using DotRec.Data;
using DotRec.Features;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

// 1 data: made up here; MovieLens.LoadRatings("ml-100k.zip"), Csv.Read, ParquetFile.ReadAsync or FeatureBatch.From(records) for yours
var (ratings, movies, _) = new MovieLensGenerator().Generate();
var films = movies.DistinctBy("movie_title");
var (train, test) = ratings.RandomSplit(trainFraction: 0.8, seed: 42);

// 2 towers: layers that also know how to export themselves
var userTower = new Tower(new StringLookup("user_id", train), new Embedding(32));
var filmTower = new Tower(new StringLookup("movie_title", films), new Embedding(32));

// 3 model, fit, evaluate: popularity stands beside the model in every evaluation
var model = new TwoTowerModel(userTower, filmTower, new Retrieval(new FactorizedTopK(films, "movie_title")));
model.Fit(train, new FitOptions { Epochs = 3, BatchSize = 1024, Optimizer = new Adagrad(0.1) });
var evaluation = model.Evaluate(test);
Console.WriteLine($"hit rate at 100: {evaluation.Retrieval.All.HitRate[100]:F3}, popularity {evaluation.Popularity.All.HitRate[100]:F3}");

// 4 index and deploy: one artifact, raw features in, titles out
using var index = BruteForceIndex.Build(model.EmbedItems(films), films["movie_title"].ToItemIds());
using var recommender = new Recommender(model.QueryTower.Export(), index);
recommender.Save("models/films/1");

// 5 serve: any process, no training code
using var served = Recommender.Load("models/films/1");
foreach (var (title, score) in served.Recommend(new { user_id = "42" }, k: 5))
{
    Console.WriteLine($"{score:F2}  {title}");
}

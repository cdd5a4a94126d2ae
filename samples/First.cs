#:project ../src/DotRec.Pipelines
#:project ../src/DotRec.Serving
#:package Microsoft.ML.OnnxRuntime

using DotRec.Pipelines;
using DotRec.Serving;

// A file of who chose what, one row a choice, becomes a model, measured on a tenth of the rows that it did not learn from
var pipeline = new RetrievalPipeline(new RetrievalPipelineOptions { QueryId = "user_id", ItemId = "movie_id" });
using var result = await pipeline.RunAsync("ratings.csv");
var (model, popularity) = (result.Evaluation.Retrieval.All, result.Evaluation.Popularity.All);
Console.WriteLine($"hit rate at 100: {model.HitRate[100]:F3}, popularity {popularity.HitRate[100]:F3}");

// and a bundle that any process serves: what a user has had is not recommended again
await result.SaveAsync("models/first/1");
using var served = Recommender.Load("models/first/1");
foreach (var (movie, score) in served.Recommend(new { user_id = 42 }, k: 5))
{
    Console.WriteLine($"{score:F2}  {movie}");
}

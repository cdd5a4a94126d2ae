using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Conformance.Tests;

/// <summary>The model that the documentation shows, copied out and run, is the ready model of the same recipe.</summary>
public class DocumentedModelTests
{
    private static readonly FeatureBatch Ratings = new MovieLensGenerator { UserCount = 200, MovieCount = 200, RatingCount = 8_000, Seed = 2 }.Generate().Ratings;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_documented_model_trains_and_reports_as_the_ready_one()
    {
        var documented = (RecommenderModel)Activator.CreateInstance(DocumentationExampleTests.Copied("RecommenderModel.cs", "MovieModel"), Ratings)!;
        var ready = new TwoTowerModel(
            new Tower(new StringLookup("user_id", Ratings), new Embedding(32) { L2 = 0.06 }), new Tower(new StringLookup("movie_title", Ratings), new Embedding(32) { L2 = 0.06 }));
        var options = new FitOptions { Epochs = 3, BatchSize = 1000, Optimizer = new Adagrad(0.1) };

        var losses = documented.Fit(Ratings, options, Token).Epochs.Select(epoch => epoch.Loss);

        Assert.Equal(ready.Fit(Ratings, options, Token).Epochs.Select(epoch => epoch.Loss), losses);
        Assert.Equal(ready.Parameters.Select(parameter => parameter.Value.Values.ToArray()), documented.Parameters.Select(parameter => parameter.Value.Values.ToArray()));
        Assert.Equal(ready.Evaluate(Ratings, cancellationToken: Token).Loss, documented.Evaluate(Ratings, cancellationToken: Token).Loss);

        // The loss of a batch of 1,000 begins near ln 1000 = 6.9; as a sum it would be a thousand times that.
        Assert.InRange(losses.First(), 3, 8);
    }

    [Fact]
    public void The_documented_multitask_model_reports_both_tasks()
    {
        var movies = Ratings.DistinctBy("movie_title").SelectColumns("movie_title");
        var model = (RecommenderModel)Activator.CreateInstance(DocumentationExampleTests.Copied("RecommenderModel.cs", "MultitaskModel"), Ratings, movies)!;

        var fit = model.Fit(Ratings, new FitOptions { Epochs = 2, BatchSize = 1000, Optimizer = new Adagrad(0.1) }, Token);

        Assert.Equal(fit.Epochs[1].Losses["retrieval"] + (0.5 * fit.Epochs[1].Losses["rating"]), fit.Epochs[1].Loss, 1e-9);
        Assert.Contains("rating.rmse", model.Evaluate(Ratings, cancellationToken: Token).Metrics);
        Assert.Contains("retrieval.hitRate@100", model.Evaluate(Ratings, cancellationToken: Token).Metrics);
    }
}

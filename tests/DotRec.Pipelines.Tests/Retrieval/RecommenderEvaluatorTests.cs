using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Pipelines.Tests;

/// <summary>A recommender beside popularity, on rows it was not trained on.</summary>
public sealed class RecommenderEvaluatorTests : IDisposable
{
    private static readonly RetrievalPipelineOptions Options = new()
    {
        QueryId = "user_id",
        ItemId = "movie_id",
        Settings = RetrievalSettings.Tuned with { Epochs = 2 },
    };

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Model_and_popularity_have_the_figures_that_the_training_measured()
    {
        using var result = await new RetrievalPipeline(Options).RunAsync(Ratings(), cancellationToken: Token);
        await result.SaveAsync(_folder["bundle"], Token);
        await ParquetFile.WriteAsync(result.Split.Test, _folder["test.parquet"], Token);
        using var recommender = Recommender.Load(_folder["bundle"]);

        var log = new ProgressLog();
        var evaluation = await new RecommenderEvaluator(recommender).EvaluateAsync(_folder["test.parquet"], log, Token);

        Assert.Equal((200, 200, 0), (evaluation.RowCount, evaluation.MeasuredRowCount, evaluation.UnknownItemCount));
        foreach (var (bundle, training) in new[] { (evaluation.Model, result.Evaluation.Retrieval), (evaluation.Popularity!, result.Evaluation.Popularity) })
        {
            Assert.Equal(training.All.HitRate.ToDictionary(), bundle.All.HitRate.ToDictionary());
            Assert.Equal(training.ExcludingSeen.HitRate.ToDictionary(), bundle.ExcludingSeen.HitRate.ToDictionary());
            Assert.Equal(training.ExcludingSeen.Ndcg.ToDictionary(), bundle.ExcludingSeen.Ndcg.ToDictionary());
        }

        Assert.Equal(200, log.All.Last(one => one.Work is not null).Work!.Done);
    }

    [Fact]
    public async Task Unknown_items_are_misses_and_a_budget_takes_a_part()
    {
        using var result = await new RetrievalPipeline(Options).RunAsync(Ratings(), cancellationToken: Token);
        var rows = FeatureBatch.From(Enumerable.Range(0, 1500).Select(n => new { user_id = $"{n % 60}", film = $"{n % 3 * 1000}" }));
        var log = new ProgressLog();
        var options = new RecommenderEvaluatorOptions { ItemId = "film", EvaluationBudget = 1 };
        var evaluation = await new RecommenderEvaluator(result.Recommender, options).EvaluateAsync(rows, log, Token);
        Assert.Equal((1500, 1000), (evaluation.RowCount, evaluation.MeasuredRowCount));
        Assert.Equal(evaluation.UnknownItemCount, evaluation.Model.Ranks.ToArray().Count(rank => rank == 0));
        Assert.Contains(log.Notes, note => note.StartsWith("measuring on 1,000 of 1,500 rows", StringComparison.Ordinal));
        Assert.EndsWith("of 1,000 rows name an item that the bundle does not hold; they are misses.", Assert.Single(log.Warnings));
        await evaluation.SaveRanksAsync(_folder["ranks.csv"], Token);
        Assert.Equal(["user_id", "film", "rank", "rank_excluding_seen", "popularity_rank", "popularity_rank_excluding_seen"], Csv.Read(_folder["ranks.csv"]).Columns.Select(column => column.Name));
    }

    [Fact]
    public async Task Rows_that_cannot_be_measured_on_are_refused_with_the_option()
    {
        using var result = await new RetrievalPipeline(Options).RunAsync(Ratings(), cancellationToken: Token);
        var evaluator = new RecommenderEvaluator(result.Recommender);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => evaluator.EvaluateAsync(Ratings().DropColumns("movie_id"), cancellationToken: Token));
        Assert.StartsWith("the table has no column 'movie_id' of item ids. Its columns are: ", error.Message);
        Assert.Equal("ItemId", error.ParamName);
        Assert.Equal("the table has no rows to evaluate on.", (await Assert.ThrowsAsync<ArgumentException>(() => evaluator.EvaluateAsync(Ratings().Slice(0, 0), cancellationToken: Token))).Message);
    }

    private static FeatureBatch Ratings() => new MovieLensGenerator { UserCount = 60, MovieCount = 90, RatingCount = 2000, Seed = 3 }.Generate().Ratings.SelectColumns("user_id", "movie_id");
}

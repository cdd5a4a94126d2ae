namespace DotRec.Modeling.Tests;

public class MovieLensQualityTests
{
    [Fact]
    public void The_tutorials_settings_reach_the_tutorials_hit_rate()
    {
        var evaluations = Enumerable.Range(1, 3).Select(seed => Run((ulong)seed, corrections: false)).ToList();

        var all = evaluations.Average(evaluation => evaluation.Retrieval.All.HitRate[100]);
        var excludingSeen = evaluations.Average(evaluation => evaluation.Retrieval.ExcludingSeen.HitRate[100]);
        TestContext.Current.TestOutputHelper?.WriteLine($"hitRate@100 {all:F4}, excluding seen {excludingSeen:F4}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{evaluations[0].Popularity}");
        Assert.InRange(all, 0.2334, 0.27);
        Assert.InRange(excludingSeen, 0.31, 0.37);
    }

    [Fact]
    public void The_corrections_that_are_on_by_default_beat_popularity_by_far()
    {
        var evaluation = Run(1, corrections: true);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"hitRate@100 {evaluation.Retrieval.All.HitRate[100]:F4}, excluding seen {evaluation.Retrieval.ExcludingSeen.HitRate[100]:F4}");
        Assert.InRange(evaluation.Popularity.All.HitRate[100], 0.29, 0.31);
        Assert.InRange(evaluation.Popularity.ExcludingSeen.HitRate[100], 0.40, 0.43);
        Assert.True(evaluation.Retrieval.All.HitRate[100] > 0.38);
        Assert.True(evaluation.Retrieval.ExcludingSeen.HitRate[100] > 0.59);
    }

    [Fact]
    public void Both_tasks_of_one_model_reach_the_figures_of_the_multitask_tutorial()
    {
        // TFRS adds the sum of 8,192 retrieval losses and the mean of as many squared errors.
        var evaluations = Enumerable.Range(1, 2).Select(seed =>
        {
            var data = MovieLensCase.Real((ulong)seed);
            var model = new MultiTaskModel(
                new Tower(new Features.StringLookup("user_id", data.Train), new Embedding(32)),
                new Tower(new Features.StringLookup("movie_title", data.Titles), new Embedding(32)),
                new Retrieval(data.Metric) { RemoveAccidentalHits = false, CorrectSampling = false },
                new RankingHead("rating", "rating", new Ranking(PointwiseLoss.SquaredError)) { Weight = 1.0 / 8192 });
            model.Fit(data.Train, MovieLensCase.Tutorial((ulong)seed), TestContext.Current.CancellationToken);
            return model.Evaluate(data.Test, cancellationToken: TestContext.Current.CancellationToken);
        }).ToList();

        Assert.InRange(evaluations.Average(evaluation => evaluation.Retrieval.All.HitRate[100]), 0.235, 0.27);
        Assert.InRange(evaluations.Average(evaluation => evaluation.Heads["rating"].Rating.Rmse), 0.9, 1.110);
    }

    private static TwoTowerEvaluation Run(ulong seed, bool corrections)
    {
        var data = MovieLensCase.Real(seed);
        var model = data.Model(corrections);
        var fit = model.Fit(data.Train, MovieLensCase.Tutorial(seed), TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{fit.ExamplesPerSecond:N0} ex/s, losses {string.Join(" ", fit.Epochs.Select(e => e.Loss))} {string.Join(";", fit.Warnings)}");
        return model.Evaluate(data.Test, cancellationToken: TestContext.Current.CancellationToken);
    }
}

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

    private static TwoTowerEvaluation Run(ulong seed, bool corrections)
    {
        var data = MovieLensCase.Real(seed);
        var model = data.Model(corrections);
        var fit = model.Fit(data.Train, MovieLensCase.Tutorial(seed), TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{fit.ExamplesPerSecond:N0} ex/s, losses {string.Join(" ", fit.Epochs.Select(e => e.Loss))} {string.Join(";", fit.Warnings)}");
        return model.Evaluate(data.Test, cancellationToken: TestContext.Current.CancellationToken);
    }
}

using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class TailAverageTests
{
    private static readonly FeatureBatch Ratings = new MovieLensGenerator { UserCount = 40, MovieCount = 50, RatingCount = 700 }.Generate().Ratings;

    [Fact]
    public void Is_the_mean_of_the_weights_after_each_of_the_last_steps()
    {
        // 700 rows in batches of 100: 7 steps an epoch, 14 in all; the last half is steps 8 to 14, the second epoch.
        var options = new FitOptions { Epochs = 2, BatchSize = 100, Seed = 5 };
        var expected = Parameters(Model()).Select(_ => Array.Empty<double>()).ToArray();
        for (var step = 8; step <= 14; step++)
        {
            var weights = Parameters(StoppedAfter(step, options));
            for (var i = 0; i < weights.Length; i++)
            {
                expected[i] = expected[i].Length == 0 ? new double[weights[i].Length] : expected[i];
                for (var j = 0; j < weights[i].Length; j++)
                {
                    expected[i][j] += weights[i][j] / 7.0;
                }
            }
        }

        var model = Model();
        model.Fit(Ratings, options with { TailAverage = 0.5 }, TestContext.Current.CancellationToken);

        var actual = Parameters(model);
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.All(actual[i].Zip(expected[i]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        }
    }

    [Fact]
    public void A_run_resumed_inside_the_tail_ends_with_the_same_bits()
    {
        var options = new FitOptions { Epochs = 2, BatchSize = 100, Seed = 5, TailAverage = 0.5 };
        var whole = Model();
        whole.Fit(Ratings, options, TestContext.Current.CancellationToken);

        var path = Path.Combine(Path.GetTempPath(), $"dotrec-{Guid.NewGuid():N}.checkpoint");
        try
        {
            using var stop = new CancellationTokenSource();
            var checkpointed = options with { Checkpoint = new CheckpointOptions(path) };
            Assert.Throws<OperationCanceledException>(() => Model().Fit(
                Ratings, checkpointed with { Progress = new Steps(11, stop.Cancel) }, stop.Token));
            var resumed = Model();
            resumed.Fit(Ratings, checkpointed, TestContext.Current.CancellationToken);

            Assert.Equal(Parameters(whole), Parameters(resumed));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Is_refused_together_with_early_stopping() => Assert.Contains(
        "choose one of them",
        Assert.Throws<ArgumentException>(() => Model().Fit(
            Ratings, new FitOptions { TailAverage = 0.2, EarlyStopping = new EarlyStopping(), Validation = Ratings }, TestContext.Current.CancellationToken)).Message,
        StringComparison.Ordinal);

    private static TwoTowerModel StoppedAfter(int step, FitOptions options)
    {
        using var stop = new CancellationTokenSource();
        var model = Model();
        try
        {
            model.Fit(Ratings, options with { Progress = new Steps(step, stop.Cancel) }, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The point of stopping: the weights are those after this step.
        }

        return model;
    }

    private static TwoTowerModel Model() => new(
        new Tower(new StringLookup("user_id", Ratings), new Embedding(4) { L2 = 0.05 }, new Bias()),
        new Tower(new StringLookup("movie_title", Ratings), new Embedding(4) { L2 = 0.05 }));

    private static float[][] Parameters(TwoTowerModel model) => [.. model.Towers.SelectMany(tower => tower.Parameters).Select(parameter => parameter.Value.Values.ToArray())];

    private sealed class Steps(int limit, Action reached) : IProgress<FitProgress>
    {
        private int _steps;

        public void Report(FitProgress value)
        {
            if (value.CompletedEpoch is null && ++_steps == limit)
            {
                reached();
            }
        }
    }
}

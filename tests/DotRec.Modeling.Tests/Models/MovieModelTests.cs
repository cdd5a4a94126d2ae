namespace DotRec.Modeling.Tests;

public class MovieModelTests
{
    private static readonly MovieLensCase Data = MovieLensCase.Generated(seed: 3, ratings: 8_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_task_is_learned_and_reported_beside_the_total()
    {
        var model = new MovieModel(Data.Train, Data.Titles, LossReduction.Sum, LossReduction.Mean, ratingWeight: 0.5);
        var options = new FitOptions
        {
            Epochs = 6,
            BatchSize = 1000,
            Optimizer = new Adagrad(0.1),
            Validation = Data.Test,
            EarlyStopping = new EarlyStopping("rating.rmse") { Patience = 10 },
        };

        var fit = model.Fit(Data.Train, options, Token);
        var evaluation = model.Evaluate(Data.Test, cancellationToken: Token);

        Assert.All(fit.Epochs, epoch => Assert.Equal(epoch.Losses["retrieval"] + (0.5 * epoch.Losses["rating"]), epoch.Loss, 1e-9 * epoch.Loss));
        Assert.True(fit.Epochs[^1].Losses["retrieval"] < fit.Epochs[0].Losses["retrieval"] - 0.01);
        Assert.True(fit.Epochs[^1].Losses["rating"] < fit.Epochs[0].Losses["rating"] - 0.1);
        Assert.Equal(evaluation.Losses["retrieval"] + (0.5 * evaluation.Losses["rating"]), evaluation.Loss, 1e-9 * evaluation.Loss);

        // The mean squared error is the rating task's loss, and early stopping kept the epoch where it was least.
        Assert.Equal(Math.Sqrt(evaluation.Losses["rating"]), evaluation.Metrics["rating.rmse"], 1e-5);
        Assert.Equal(evaluation.Losses["retrieval"], evaluation.Metrics["retrieval.loss"]);
        Assert.Equal(fit.Epochs.Min(epoch => epoch.ValidationMetrics!["rating.rmse"]), evaluation.Metrics["rating.rmse"], 1e-6);
        Assert.InRange(evaluation.Metrics["retrieval.hitRate@100"], 0.35, 1);
    }

    [Fact]
    public void A_task_alone_is_the_task_with_weight_nought_for_the_other()
    {
        float[] Rated(double ratingWeight)
        {
            var model = new MovieModel(Data.Train, Data.Titles, LossReduction.Mean, LossReduction.Mean, ratingWeight);
            model.Fit(Data.Train, new FitOptions { Epochs = 1, BatchSize = 1000, Optimizer = new Adam(0.01) }, Token);
            return [.. model.Parameters.Where(parameter => parameter.Name.StartsWith("rating", StringComparison.Ordinal)).SelectMany(parameter => parameter.Value.Values.ToArray())];
        }

        var untouched = new MovieModel(Data.Train, Data.Titles, LossReduction.Mean, LossReduction.Mean);
        untouched.Begin(new EncodedData(Data.Train), seed: 0);
        float[] first = [.. untouched.Parameters.Where(parameter => parameter.Name.StartsWith("rating", StringComparison.Ordinal)).SelectMany(parameter => parameter.Value.Values.ToArray())];

        Assert.Equal(first, Rated(0));
        Assert.NotEqual(first, Rated(1));
    }

    [Fact]
    public void A_fit_of_several_tasks_resumes_within_an_epoch_with_its_losses()
    {
        using var folder = new TemporaryFolder();
        var whole = Fit(checkpoint: null, stopAt: null)!;
        var path = folder["fit.checkpoint"];
        Assert.Null(Fit(path, stopAt: 9));

        var resumed = Fit(path, stopAt: null)!;

        Assert.Equal(whole.Epochs.Select(epoch => (epoch.Loss, epoch.Losses["rating"], epoch.Losses["retrieval"])), resumed.Epochs.Select(epoch => (epoch.Loss, epoch.Losses["rating"], epoch.Losses["retrieval"])));
    }

    [Fact]
    public void A_head_comes_back_with_the_towers_though_its_parameters_are_made_later()
    {
        using var folder = new TemporaryFolder();
        var model = new MovieModel(Data.Train, Data.Titles, LossReduction.Sum, LossReduction.Mean);
        model.Fit(Data.Train, new FitOptions { Epochs = 1, BatchSize = 1000 }, Token);
        model.Save(folder["model"]);

        var loaded = new MovieModel(Data.Train, Data.Titles, LossReduction.Sum, LossReduction.Mean);
        loaded.Load(folder["model"]);

        Assert.Equal(model.PredictRatings(Data.Test), loaded.PredictRatings(Data.Test));
        Assert.Equal(model.Parameters.Select(parameter => parameter.Name), loaded.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void A_head_of_other_layers_than_those_that_were_saved_is_refused_when_it_is_first_asked()
    {
        using var folder = new TemporaryFolder();
        var model = new MovieModel(Data.Train, Data.Titles, LossReduction.Sum, LossReduction.Mean);
        model.Fit(Data.Train, new FitOptions { Epochs = 1, BatchSize = 1000 }, Token);
        model.Save(folder["model"]);

        var other = new MovieModel(Data.Train, Data.Titles, LossReduction.Sum, LossReduction.Mean, headWidth: 12);
        other.Load(folder["model"]);

        var message = Assert.Throws<InvalidOperationException>(() => other.PredictRatings(Data.Test)).Message;
        Assert.Contains("'rating/0.Sequential/0.Dense/kernel'", message, StringComparison.Ordinal);
        Assert.Contains("a model of other layers", message, StringComparison.Ordinal);
    }

    private static FitResult? Fit(string? checkpoint, int? stopAt)
    {
        using var cancellation = new CancellationTokenSource();
        var steps = 0;
        var options = new FitOptions
        {
            Epochs = 2,
            BatchSize = 1000,
            Checkpoint = checkpoint is null ? null : new CheckpointOptions(checkpoint),
            Progress = new Listener(() =>
            {
                if (++steps == stopAt)
                {
                    cancellation.Cancel();
                }
            }),
        };
        try
        {
            return new MovieModel(Data.Train, Data.Titles, LossReduction.Sum, LossReduction.Mean).Fit(Data.Train, options, cancellation.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private sealed class Listener(Action told) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => told();
    }
}

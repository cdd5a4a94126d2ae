using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class FitTests
{
    private static readonly MovieLensCase Data = MovieLensCase.Generated(seed: 3);

    [Fact]
    public void The_same_seed_gives_the_same_weights_at_any_number_of_threads()
    {
        var threads = Parallelism.MaxDegreeOfParallelism;
        try
        {
            Parallelism.MaxDegreeOfParallelism = 1;
            var alone = Weights(Fit(Options(seed: 5)));
            Parallelism.MaxDegreeOfParallelism = 2;
            Assert.Equal(alone, Weights(Fit(Options(seed: 5))));
            Assert.NotEqual(alone, Weights(Fit(Options(seed: 6))));
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = threads;
        }
    }

    [Fact]
    public void Training_beats_popularity_and_reports_the_mean_loss_per_example()
    {
        var model = Data.Model(corrections: true);
        var first = 0.0;
        var options = Options(seed: 1) with { Progress = new Listener(progress => first = first == 0 ? progress.Loss : first) };

        var fit = model.Fit(Data.Train, options, TestContext.Current.CancellationToken);
        var evaluation = model.Evaluate(Data.Test, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(fit.Warnings);
        Assert.True(fit.Epochs[^1].Loss < fit.Epochs[0].Loss, $"{fit.Epochs[0].Loss} -> {fit.Epochs[^1].Loss}");
        Assert.InRange(first, 6, 9);
        Assert.True(evaluation.Retrieval.ExcludingSeen.HitRate[10] > evaluation.Popularity.ExcludingSeen.HitRate[10], $"{evaluation.Retrieval} {evaluation.Popularity}");
        Assert.Equal(evaluation.Retrieval.All.HitRate[100], evaluation.Metrics["hitRate@100"]);
    }

    [Fact]
    public void A_fit_that_is_stopped_has_the_weights_of_its_last_finished_epoch()
    {
        var expected = Data.Model(corrections: true);
        expected.Fit(Data.Train, Options(seed: 1) with { Epochs = 2 }, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var model = Data.Model(corrections: true);
        var fit = model.Fit(Data.Train, Options(seed: 1) with
        {
            Epochs = 9,
            StopToken = stop.Token,
            Progress = new Listener(progress =>
            {
                if (progress is { Epoch: 3, Step: 1 })
                {
                    stop.Cancel();
                }
            }),
        }, TestContext.Current.CancellationToken);
        Assert.Equal((2, 2, true, false), (fit.Epochs.Count, fit.BestEpoch, fit.WasStopped, fit.StoppedEarly));
        Assert.Equal(Weights(expected), Weights(model));
    }

    [Fact]
    public void A_fit_that_was_stopped_goes_on_from_its_checkpoint_to_the_same_weights()
    {
        var path = Path.Combine(Path.GetTempPath(), $"dotrec-{Guid.NewGuid():N}");
        try
        {
            var options = Options(seed: 1) with { Epochs = 4, TailAverage = 0.5 };
            var expected = Data.Model(corrections: true);
            expected.Fit(Data.Train, options, TestContext.Current.CancellationToken);
            using var stop = new CancellationTokenSource();
            var stopped = Data.Model(corrections: true).Fit(Data.Train, options with
            {
                StopToken = stop.Token,
                Checkpoint = new CheckpointOptions(path),
                Progress = new Listener(progress =>
                {
                    if (progress is { Epoch: 3, Step: 2 })
                    {
                        stop.Cancel();
                    }
                }),
            }, TestContext.Current.CancellationToken);
            Assert.Equal((2, true), (stopped.Epochs.Count, stopped.WasStopped));

            var resumed = Data.Model(corrections: true);
            var fit = resumed.Fit(Data.Train, options with { Checkpoint = new CheckpointOptions(path) }, TestContext.Current.CancellationToken);
            Assert.Equal((4, false), (fit.Epochs.Count, fit.WasStopped));
            Assert.Equal(Weights(expected), Weights(resumed));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_fit_that_is_stopped_before_an_epoch_is_finished_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => Data.Model(corrections: true).Fit(
            Data.Train, Options(seed: 1) with { StopToken = stop.Token }, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(1e9)]
    [InlineData(1e4)]
    public void A_learning_rate_that_destroys_the_model_is_warned_of(double rate)
    {
        var fit = Data.Model(corrections: true).Fit(Data.Train, Options(seed: 1) with { Optimizer = new Adagrad(rate) }, TestContext.Current.CancellationToken);
        Assert.Contains(fit.Warnings, warning => warning.StartsWith("The first step changed the weights by ", StringComparison.Ordinal) && warning.EndsWith("the learning rate is too large. Lower it.", StringComparison.Ordinal));
        Assert.Contains(fit.Warnings, warning => warning.StartsWith("Training diverged: the loss of the last epoch is ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_loss_is_the_logarithm_of_the_batch_size()
    {
        var first = 0.0;
        var options = Options(seed: 1) with { Epochs = 1, Progress = new Listener(progress => first = first == 0 ? progress.Loss : first) };

        Data.Model(corrections: false).Fit(Data.Train, options, TestContext.Current.CancellationToken);

        Assert.Equal(Math.Log(1000), first, 2e-3);
    }

    [Fact]
    public void Towers_given_other_features_than_the_id_train_the_same_with_and_without_embedding_items_once()
    {
        // Dropout of rate almost 0 in the item tower forbids embedding an item once.
        var (once, all) = (Fit(Options(seed: 2) with { Epochs = 1 }), ModelWith(new Dropout(1e-9)));
        all.Fit(Data.Train, Options(seed: 2) with { Epochs = 1 }, TestContext.Current.CancellationToken);

        var (x, y) = (Weights(once), Weights(all));
        Assert.All(x.Zip(y), pair => Assert.Equal(pair.First, pair.Second, 2e-4));
    }

    [Fact]
    public void Early_stopping_ends_with_the_weights_of_the_best_evaluation()
    {
        var model = Data.Model(corrections: true);
        var options = Options(seed: 1) with
        {
            Epochs = 40,
            Optimizer = new Adagrad(0.5),
            Validation = Data.Test,
            EarlyStopping = new EarlyStopping("hitRate@10") { Patience = 1 },
        };

        var fit = model.Fit(Data.Train, options, TestContext.Current.CancellationToken);

        var values = fit.Epochs.Select(epoch => epoch.ValidationMetrics!["hitRate@10"]).ToList();
        Assert.True(fit.StoppedEarly);
        Assert.Equal(fit.BestEpoch + 2, fit.Epochs.Count);
        Assert.Equal(values.Max(), values[fit.BestEpoch - 1]);
        Assert.Equal(values[fit.BestEpoch - 1], model.Evaluate(Data.Test, cancellationToken: TestContext.Current.CancellationToken).Metrics["hitRate@10"]);
    }

    [Fact]
    public void Early_stopping_on_an_unknown_metric_names_those_there_are()
    {
        var options = Options(seed: 1) with { Epochs = 1, Validation = Data.Test, EarlyStopping = new EarlyStopping("auc") };

        var message = Assert.Throws<ArgumentException>(() => Data.Model(true).Fit(Data.Train, options, TestContext.Current.CancellationToken)).Message;

        Assert.Contains("'auc'", message, StringComparison.Ordinal);
        Assert.Contains("hitRate@100", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Data.Model(true).Fit(Data.Train, options with { Validation = null }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_before_any_weight_changes_and_names_the_batch()
    {
        var ratings = new float[Data.Train.RowCount];
        ratings[37] = float.NaN;
        var data = Data.Train.With(new Column<float>("poison", ratings));
        var model = new PoisonedModel(data);
        var before = Array.Empty<float>();
        var options = new FitOptions
        {
            Epochs = 1,
            BatchSize = 20,
            Shuffle = false,
            Progress = new Listener(_ => before = Weights(model)),
        };

        var exception = Assert.Throws<NonFiniteLossException>(() => model.Fit(data, options, TestContext.Current.CancellationToken));

        Assert.Equal((1, 2), (exception.Epoch, exception.Step));
        Assert.Contains("NaN in epoch 1, batch 2 of", exception.Message, StringComparison.Ordinal);
        Assert.Contains("rows 20, 21, 22, 23, 24", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Weights(model));
    }

    [Fact]
    public void A_cancelled_fit_ends_at_the_next_step()
    {
        using var cancellation = new CancellationTokenSource();
        var steps = 0;
        var options = Options(seed: 1) with
        {
            Progress = new Listener(_ =>
            {
                if (++steps == 3)
                {
                    cancellation.Cancel();
                }
            }),
        };

        Assert.Throws<OperationCanceledException>(() => Data.Model(true).Fit(Data.Train, options, cancellation.Token));
        Assert.Equal(3, steps);
    }

    [Fact]
    public void Progress_tells_every_step_and_every_epoch()
    {
        var reports = new List<FitProgress>();

        Data.Model(true).Fit(
            Data.Train, Options(seed: 1) with { Epochs = 2, BatchSize = 5000, Progress = new Listener(reports.Add) }, TestContext.Current.CancellationToken);

        // 16,000 rows in batches of 5,000: four steps and an end, twice.
        Assert.Equal("1:1 1:2 1:3 1:4 1:4! 2:1 2:2 2:3 2:4 2:4!", string.Join(" ", reports.Select(r => $"{r.Epoch}:{r.Step}{(r.CompletedEpoch is null ? "" : "!")}")));
        Assert.All(reports, report => Assert.Equal((2, 4), (report.EpochCount, report.StepCount)));
        Assert.All(reports, report => Assert.True(report.ExamplesPerSecond > 0));
    }

    [Fact]
    public void Ids_outside_a_vocabulary_are_warned_of()
    {
        var model = new TwoTowerModel(
            new Tower(new StringLookup("user_id", ["nobody"]), new Embedding(4)), new Tower(new StringLookup("movie_title", Data.Titles), new Embedding(4)));

        var fit = model.Fit(Data.Train, Options(seed: 1) with { Epochs = 1 }, TestContext.Current.CancellationToken);

        Assert.Contains("StringLookup(user_id): 16000 of 16000 values out of vocabulary", Assert.Single(fit.Warnings), StringComparison.Ordinal);
    }

    private static FitOptions Options(ulong seed) => new() { Epochs = 3, BatchSize = 1000, Optimizer = new Adagrad(0.1), Seed = seed };

    private static TwoTowerModel Fit(FitOptions options)
    {
        var model = Data.Model(corrections: true, dimension: 16);
        model.Fit(Data.Train, options, TestContext.Current.CancellationToken);
        return model;
    }

    private static TwoTowerModel ModelWith(Layer last) => new(
        new Tower(new StringLookup("user_id", Data.Train), new Embedding(16)),
        new Tower(new StringLookup("movie_title", Data.Titles), new Embedding(16), last),
        new Retrieval(Data.Metric) { RemoveAccidentalHits = true });

    private static float[] Weights(RecommenderModel model) => [.. model.Parameters.SelectMany(parameter => parameter.Value.Values.ToArray())];

    private sealed class Listener(Action<FitProgress> told) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => told(value);
    }

    /// <summary>A model of one's own, with a layer outside its tower, whose loss is NaN where the data say so.</summary>
    private sealed class PoisonedModel : RecommenderModel
    {
        private readonly Tower _users;
        private readonly Dense _head;

        public PoisonedModel(FeatureBatch data)
        {
            _users = Use(new Tower(new StringLookup("user_id", data), new Embedding(4)), "users");
            _head = Use(new Dense(1), "head");
        }

        protected override Loss ComputeLoss(Batch batch) =>
            Loss.Mean((_head.Call(_users.Forward(batch), batch.Context) + Tensor.From(batch.Get<float>("poison"), batch.RowCount, 1)).Mean(), batch.RowCount);
    }
}

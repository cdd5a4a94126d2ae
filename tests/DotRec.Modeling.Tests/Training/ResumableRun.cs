namespace DotRec.Modeling.Tests;

/// <summary>A short fit with dropout, validation and early stopping: everything that a checkpoint must carry. Three epochs of six steps.</summary>
internal static class ResumableRun
{
    private static readonly MovieLensCase Data = MovieLensCase.Generated(seed: 1, ratings: 6000);

    public static (TwoTowerModel Model, FitResult Fit) Train(
        string optimizer, CheckpointOptions? checkpoint, int abandonAtStep = -1, int cancelAtStep = -1, int batchSize = 800, double temperature = 1)
    {
        using var cancellation = new CancellationTokenSource();
        var steps = 0;
        var model = new TwoTowerModel(
            new Tower(new Features.StringLookup("user_id", Data.Train), new Embedding(8), new Dropout(0.2)),
            new Tower(new Features.StringLookup("movie_title", Data.Titles), new Embedding(8), new Dense(8)),
            new Retrieval(Data.Metric) { Temperature = temperature });
        var fit = model.Fit(
            Data.Train,
            new FitOptions
            {
                Epochs = 3,
                BatchSize = batchSize,
                Seed = 9,
                Optimizer = optimizer switch
                {
                    "adam" => new Adam(0.01) { Schedule = LearningRateSchedule.CosineDecay(), WeightDecay = 0.01 },
                    "momentum" => new Sgd(0.01) { Momentum = 0.9, ClipNorm = 1 },
                    "rmsprop" => new RmsProp(0.01),
                    "clippy" => new ClippyAdagrad(1) { ClipAccumulatorUpdate = true },
                    "composite" => new CompositeOptimizer(
                        (new Adagrad(0.1), parameter => parameter.IsRowSparse),
                        (new Adam(0.01) { Schedule = LearningRateSchedule.LinearDecay() }, parameter => !parameter.IsRowSparse)),
                    _ => new Adagrad(0.1),
                },
                Validation = Data.Test,
                EarlyStopping = new EarlyStopping("hitRate@10") { Patience = 5 },
                Checkpoint = checkpoint,
                Progress = new StepListener(() =>
                {
                    steps++;
                    if (steps == cancelAtStep)
                    {
                        cancellation.Cancel();
                    }

                    if (steps == abandonAtStep)
                    {
                        throw new Abandoned();
                    }
                }),
            },
            cancellation.Token);
        return (model, fit);
    }

    public static float[] Weights((TwoTowerModel Model, FitResult Fit) run, out FitResult fit)
    {
        fit = run.Fit;
        return [.. run.Model.Parameters.SelectMany(parameter => parameter.Value.Values.ToArray())];
    }

    private sealed class StepListener(Action step) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.CompletedEpoch is null)
            {
                step();
            }
        }
    }
}

/// <summary>Ends a fit as a crash would: no clean-up of the fit's own.</summary>
internal sealed class Abandoned : Exception;

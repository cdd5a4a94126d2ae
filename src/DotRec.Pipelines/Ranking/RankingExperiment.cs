using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains a ranking model on a part of the rows, stops by another, and measures it on a third beside its baselines.</summary>
/// <param name="data">The rows.</param>
/// <param name="settings">How the model is made.</param>
/// <param name="test">What is held out for the test where the data bring no test rows.</param>
/// <param name="validation">What is held out of the rest to stop by.</param>
internal sealed class RankingExperiment(RankingData data, RankingSettings settings, HoldOut test, HoldOut validation)
{
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>False leaves the regression out of the baselines: it takes a training of its own.</summary>
    public bool MeasuresRegression { get; init; } = true;

    public RankingRun Run(ulong seed, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        var (rest, held) = data.Test is { } given ? new DataSplit(data.Rows, given) : test.Split(data.Rows, seed);
        var (train, stop) = validation.Split(rest, seed);
        var model = CreateModel(train, settings);
        var fit = Fit(model, settings.Network == RankingSettings.Logistic && settings.HasDefaultTraining ? settings.ForRegression(train.RowCount) : settings, train, stop, seed, Checkpoint, progress, cancellationToken);
        var evaluation = model.Evaluate(held, cancellationToken: cancellationToken);
        RankingEvaluation? regression = null;
        if (MeasuresRegression && settings.Network != RankingSettings.Logistic)
        {
            var linear = settings.ForRegression(train.RowCount);
            var baseline = CreateModel(train, linear);
            Fit(baseline, linear, train, stop, seed, checkpoint: null, progress: null, cancellationToken);
            regression = baseline.Evaluate(held, cancellationToken: cancellationToken);
        }

        return new RankingRun(seed, model, train, held, fit, model.Evaluate(stop, cancellationToken: cancellationToken), evaluation, ConstantOf(rest, held), regression)
        {
            RepeatedTestRows = RepeatedRows.Count(rest, held, [.. data.Columns.Select(column => column.Name), data.Label.Column]),
        };
    }

    private RankingModel CreateModel(FeatureBatch train, RankingSettings chosen)
    {
        var fields = RankingFields.Of(train, data.Columns, chosen);
        RankingNetwork network = chosen.Network switch
        {
            RankingSettings.Logistic => new LogisticRegression(fields, chosen.LinearL2),
            RankingSettings.Mlp => new MlpNetwork(fields, chosen.Hidden, chosen.Dropout, chosen.KernelL2),
            RankingSettings.Dlrm => new Dlrm(fields, top: chosen.Hidden, dropout: chosen.Dropout, l2: chosen.KernelL2),
            RankingSettings.WideAndDeep => new WideAndDeep(fields, hidden: chosen.Hidden, dropout: chosen.Dropout, wideL2: chosen.LinearL2, deepL2: chosen.KernelL2),
            _ => new DeepCrossNetwork(
                fields,
                [.. Enumerable.Range(0, chosen.CrossLayers).Select(_ => new Cross { KernelL2 = chosen.KernelL2 })],
                chosen.Hidden,
                chosen.Network == RankingSettings.ParallelCrossNetwork ? NetworkStructure.Parallel : NetworkStructure.Stacked,
                chosen.Dropout,
                chosen.KernelL2),
        };
        return data.Label.IsBinary
            ? new RankingModel(network, data.Label.Column, new Ranking(PointwiseLoss.BinaryCrossEntropyOfLogits))
            : new RankingModel(network, data.Label.Column, new Ranking(PointwiseLoss.SquaredError)) { LabelScale = LabelScale.Of(train[data.Label.Column]) };
    }

    private static FitResult Fit(
        RankingModel model, RankingSettings chosen, FeatureBatch train, FeatureBatch stop, ulong seed, CheckpointOptions? checkpoint,
        IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return model.Fit(train, new FitOptions
            {
                Epochs = chosen.Epochs,
                BatchSize = chosen.BatchSize,
                Optimizer = chosen.CreateOptimizer(),
                Seed = seed,
                Validation = stop,
                EarlyStopping = new EarlyStopping { Patience = chosen.Patience },
                Checkpoint = checkpoint,
                Progress = progress,
            }, cancellationToken);
        }
        catch (InvalidOperationException foreign) when (checkpoint is not null && File.Exists(checkpoint.Path))
        {
            // The rest of the message is for those who write code.
            throw InvalidOption.Named(nameof(Checkpoint), $"{foreign.Message.Split(". ")[0]}. Delete it, or name another file.", foreign);
        }
    }

    /// <summary>What predicting the mean label of the training rows for every test row gives.</summary>
    private ConstantBaseline ConstantOf(FeatureBatch rows, FeatureBatch held)
    {
        var mean = (float)LabelScale.Of(rows[data.Label.Column]).Mean;
        var labels = held.Get<float>(data.Label.Column).Values;
        var predictions = new float[labels.Length];
        predictions.AsSpan().Fill(mean);
        return data.Label.IsBinary
            ? new ConstantBaseline(BinaryMetrics.Of(predictions, labels), Rating: null)
            : new ConstantBaseline(Binary: null, RatingMetrics.Of(predictions, labels));
    }
}

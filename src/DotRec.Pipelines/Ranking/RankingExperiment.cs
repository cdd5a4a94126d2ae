using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains a ranking model on a part of the rows, stops by another, and measures it on a third beside its baselines.</summary>
/// <param name="data">The rows.</param>
/// <param name="options">How the model is made, and what is held out.</param>
internal sealed class RankingExperiment(RankingData data, RankingPipelineOptions options)
{
    public RankingRun Run(PipelineNotes notes, CancellationToken cancellationToken)
    {
        var settings = options.Settings;
        var (rest, held) = data.Test is { } given ? new DataSplit(data.Rows, given) : options.Test.Split(data.Rows, queryId: "", options.Seed);
        var (train, stop) = options.Test.OfShare(options.ValidationFraction).Split(rest, queryId: "", options.Seed);
        var model = CreateModel(train, settings);
        var suited = settings.Network == RankingNetworkKind.Logistic && settings.HasDefaultTraining ? settings.ForRegression(train.RowCount) : settings;
        var fit = Fit(model, suited, train, stop, options.Checkpoint, notes, cancellationToken);
        var evaluation = model.Evaluate(held, cancellationToken: cancellationToken);
        RankingEvaluation? regression = null;
        if (options.MeasureRegression && settings.Network != RankingNetworkKind.Logistic)
        {
            var linear = settings.ForRegression(train.RowCount);
            var baseline = CreateModel(train, linear);
            Fit(baseline, linear, train, stop, checkpoint: null, progress: null, cancellationToken);
            regression = baseline.Evaluate(held, cancellationToken: cancellationToken);
        }

        var repeated = RepeatedRows.Count(rest, held, [.. data.Columns.Select(column => column.Name), data.Label.Column]);
        var validation = model.Evaluate(stop, cancellationToken: cancellationToken);
        return new RankingRun(model, new PipelineSplit(train, stop, held), fit, validation, evaluation, ConstantOf(rest, held), regression, repeated);
    }

    private RankingModel CreateModel(FeatureBatch train, RankingSettings chosen)
    {
        var fields = RankingFields.Of(train, data.Columns, chosen);
        RankingNetwork network = chosen.Network switch
        {
            RankingNetworkKind.Logistic => new LogisticRegression(fields, chosen.LinearL2),
            RankingNetworkKind.Mlp => new MlpNetwork(fields, chosen.Hidden, chosen.Dropout, chosen.KernelL2),
            RankingNetworkKind.Dlrm => new Dlrm(fields, top: chosen.Hidden, dropout: chosen.Dropout, l2: chosen.KernelL2),
            RankingNetworkKind.WideAndDeep => new WideAndDeep(fields, hidden: chosen.Hidden, dropout: chosen.Dropout, wideL2: chosen.LinearL2, deepL2: chosen.KernelL2),
            _ => new DeepCrossNetwork(
                fields,
                [.. Enumerable.Range(0, chosen.CrossLayers).Select(_ => new Cross { KernelL2 = chosen.KernelL2 })],
                chosen.Hidden,
                chosen.Network == RankingNetworkKind.ParallelDeepCross ? NetworkStructure.Parallel : NetworkStructure.Stacked,
                chosen.Dropout,
                chosen.KernelL2),
        };
        return data.Label.IsBinary
            ? new RankingModel(network, data.Label.Column, new Ranking(PointwiseLoss.BinaryCrossEntropyOfLogits))
            : new RankingModel(network, data.Label.Column, new Ranking(PointwiseLoss.SquaredError)) { LabelScale = LabelScale.Of(train[data.Label.Column]) };
    }

    private FitResult Fit(
        RankingModel model, RankingSettings chosen, FeatureBatch train, FeatureBatch stop, CheckpointOptions? checkpoint,
        IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return model.Fit(train, new FitOptions
            {
                Epochs = chosen.Epochs,
                BatchSize = chosen.BatchSize,
                Optimizer = chosen.CreateOptimizer(),
                Seed = options.Seed,
                Validation = stop,
                EarlyStopping = new EarlyStopping { Patience = chosen.Patience },
                Checkpoint = checkpoint,
                Progress = progress,
            }, cancellationToken);
        }
        catch (InvalidOperationException foreign) when (checkpoint is not null && File.Exists(checkpoint.Path))
        {
            // The rest of the message is for those who write code.
            throw InvalidOption.Named(nameof(options.Checkpoint), $"{foreign.Message.Split(". ")[0]}. Delete it, or name another file.", foreign);
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

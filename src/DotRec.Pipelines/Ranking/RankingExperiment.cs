using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains a ranking model on a part of the rows, stops by another, and measures it on a third beside its baselines.</summary>
/// <param name="data">The rows.</param>
/// <param name="options">How the model is made, and what is held out.</param>
internal sealed class RankingExperiment(RankingData data, RankingPipelineOptions options)
{
    private const int MinBatch = 8;

    public RankingRun Run(PipelineNotes notes, CancellationToken cancellationToken)
    {
        var settings = options.Settings;
        WarnOfBatch(notes);
        var (rest, held) = data.Test is { } given ? new DataSplit(data.Rows, given) : options.Test.Split(data.Rows, options.QueryId ?? "", options.Seed);
        var (train, stop) = options.Test.OfShare(options.ValidationFraction).Split(rest, options.QueryId ?? "", options.Seed);
        var model = CreateModel(train, settings);
        var suited = settings.Network == RankingNetworkKind.Logistic && settings.HasDefaultTraining ? settings.ForRegression(train.RowCount) : settings;
        var fit = Fit(model, suited, train, stop, options.Checkpoint, notes, cancellationToken);
        var run = new RankingRun(
            model, new PipelineSplit(train, stop, held), fit, LabelScale.Of(rest[data.Label.Column]).Mean, model.Evaluate(stop, cancellationToken: cancellationToken));
        return held.RowCount == 0 ? run : run with
        {
            Test = model.Evaluate(held, cancellationToken: cancellationToken),
            Constant = ConstantBaseline.Of(run.LabelMean, held.Get<float>(data.Label.Column).Values, data.Label.IsBinary),
            Regression = options.MeasureRegression && settings.Network != RankingNetworkKind.Logistic && !fit.WasStopped ? Regression(run.Split, cancellationToken) : null,
            RepeatedTestRows = RepeatedRows.Count(rest, held, [.. data.Columns.Select(column => column.Name), data.Label.Column]),
        };
    }

    private RankingEvaluation Regression(PipelineSplit split, CancellationToken cancellationToken)
    {
        var linear = options.Settings.ForRegression(split.Train.RowCount);
        var baseline = CreateModel(split.Train, linear);
        Fit(baseline, linear, split.Train, split.Validation!, checkpoint: null, progress: null, cancellationToken);
        return baseline.Evaluate(split.Test, cancellationToken: cancellationToken);
    }

    private void WarnOfBatch(PipelineNotes notes)
    {
        if (options.Settings.BatchSize < MinBatch)
        {
            notes.Warn(FormattableString.Invariant(
                $"a batch of {options.Settings.BatchSize} {(options.Settings.BatchSize == 1 ? "row" : "rows")} makes steps of chance, and as many that training takes long. Hundreds of rows are usual."));
        }
    }

    private RankingModel CreateModel(FeatureBatch train, RankingSettings chosen)
    {
        var fields = RankingFields.Of(train, data.Columns, data.Label.Column, chosen);
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
            ? new RankingModel(network, data.Label.Column, new Ranking(PointwiseLoss.BinaryCrossEntropyOfLogits)) { QueryIdColumn = options.QueryId }
            : new RankingModel(network, data.Label.Column, new Ranking(PointwiseLoss.SquaredError))
            {
                QueryIdColumn = options.QueryId,
                LabelScale = LabelScale.Of(train[data.Label.Column]),
            };
    }

    private FitResult Fit(
        RankingModel model, RankingSettings chosen, FeatureBatch train, FeatureBatch stop, CheckpointOptions? checkpoint,
        IProgress<FitProgress>? progress, CancellationToken cancellationToken) => ModelFit.Run(model, train, new FitOptions
        {
            Epochs = chosen.Epochs,
            BatchSize = chosen.BatchSize,
            Optimizer = chosen.CreateOptimizer(),
            Seed = options.Seed,
            Validation = stop,
            EarlyStopping = new EarlyStopping { Patience = chosen.Patience },
            Checkpoint = checkpoint,
            StopToken = options.StopToken,
            Progress = progress,
        }, cancellationToken);
}

using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>
/// Trains ranking models on a part of the rows, chooses and stops by another, trains the chosen one on both, and measures it on a third beside its baselines.
/// </summary>
/// <param name="data">The rows.</param>
/// <param name="options">How the model is made, and what is held out.</param>
internal sealed class RankingExperiment(RankingData data, RankingPipelineOptions options)
{
    private const int MinBatch = 8;

    public RankingRun Run(PipelineNotes notes, CancellationToken cancellationToken)
    {
        WarnOfBatch(notes);
        var (rest, held) = data.Test is { } given ? new DataSplit(data.Rows, given) : options.Test.Split(data.Rows, options.QueryId ?? "", options.Seed);
        var (train, validation) = options.Test.OfShare(options.ValidationFraction).Split(rest, options.QueryId ?? "", options.Seed);

        // Models are stopped and chosen by what the weights say, and measured by rows that count once each.
        (validation, held) = (WeightColumn.OfValidation(validation, options.Weight), WeightColumn.Equal(held, options.Weight));
        var fits = new RankingFits(data, options, train, validation);
        ModelSelection? selection = null;
        RankingTrial trial;
        if (options.Settings.Network == RankingNetworkKind.Auto)
        {
            var labels = validation.Get<float>(data.Label.Column).Values.ToArray();
            var weights = options.Weight is { } weight ? validation.Get<float>(weight).Values.ToArray() : null;
            (selection, trial) = RankingSearch.Run(fits, data, options, labels, weights, model => model.Predict(validation), notes, cancellationToken);
            notes.Note(selection.Reason);
        }
        else
        {
            trial = fits.Try(options.Settings.Network, notes, CancellationToken.None, cancellationToken);
        }

        var run = new RankingRun(trial, new PipelineSplit(train, validation, held), trial.Model, trial.Fit, LabelScale.Of(rest[data.Label.Column]).Mean) { Selection = selection };
        run = options.StopToken.IsCancellationRequested ? run : OnAll(run, fits, rest, notes, cancellationToken);
        return held.RowCount == 0 ? run : run with
        {
            Test = run.Model.Evaluate(held, cancellationToken: cancellationToken),
            Constant = ConstantBaseline.Of(run.LabelMean, held.Get<float>(data.Label.Column).Values, data.Label.IsBinary),
            Regression = options.MeasureRegression && trial.Settings.Network != RankingNetworkKind.Logistic && !options.StopToken.IsCancellationRequested
                ? Regression(fits, rest, held, cancellationToken)
                : null,
            RepeatedTestRows = RepeatedRows.Count(rest, held, [.. data.Columns.Select(column => column.Name), data.Label.Column]),
        };
    }

    private static RankingRun OnAll(RankingRun run, RankingFits fits, FeatureBatch rest, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var epochs = run.Trial.Fit.BestEpoch;
        notes.Note(FormattableString.Invariant(
            $"epoch {epochs} is best on the {run.Split.Validation!.RowCount:N0} validation rows; the model is trained for {epochs} {(epochs == 1 ? "epoch" : "epochs")} on all {rest.RowCount:N0} rows."));
        try
        {
            var (model, fit) = fits.OnAll(run.Trial, rest, notes, isKept: true, cancellationToken);
            return fit.WasStopped ? run with { Fit = run.Fit with { WasStopped = true } } : run with { Model = model, Fit = fit, Split = run.Split with { Train = rest } };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Stopped half way: the trial's model is whole.
            return run with { Fit = run.Fit with { WasStopped = true } };
        }
    }

    // As the model: its epochs by the validation rows, then all rows.
    private RankingEvaluation Regression(RankingFits fits, FeatureBatch rest, FeatureBatch held, CancellationToken cancellationToken)
    {
        var regression = new RankingFits(data, options with { Settings = options.Settings with { Epochs = null, Patience = null, BatchSize = null, LearningRate = null, Optimizer = OptimizerKind.Adam }, Checkpoint = null }, fits.Train, fits.Validation);
        var trial = regression.Try(RankingNetworkKind.Logistic, progress: null, CancellationToken.None, cancellationToken);
        return regression.OnAll(trial, rest, progress: null, isKept: false, cancellationToken).Model.Evaluate(held, cancellationToken: cancellationToken);
    }

    private void WarnOfBatch(PipelineNotes notes)
    {
        if (options.Settings.BatchSize < MinBatch)
        {
            notes.Warn(FormattableString.Invariant(
                $"a batch of {options.Settings.BatchSize} {(options.Settings.BatchSize == 1 ? "row" : "rows")} makes steps of chance, and as many that training takes long. Hundreds of rows are usual."));
        }
    }
}

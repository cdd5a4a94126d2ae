using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains a <see cref="SasRec"/> of a shape that suits the histories, for as many epochs as validation rows say.</summary>
/// <param name="options">Seed, and what stops a training.</param>
/// <param name="notes">Hears how far it is.</param>
internal sealed class SasRecTraining(RetrievalPipelineOptions options, PipelineNotes notes)
{
    /// <summary>Finds the number of epochs that is best on validation rows.</summary>
    /// <param name="rows">The rows to train on.</param>
    /// <param name="validation">The rows to measure on.</param>
    /// <param name="budget">Ends training where time is up: the best epoch so far is kept.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    /// <exception cref="ArgumentException">There are too few pairs of an item and the next one to learn from.</exception>
    public RetrievalChoice Try(RetrievalRows rows, FeatureBatch validation, CancellationToken budget, CancellationToken cancellationToken)
    {
        var histories = rows.Histories;
        var shape = SasRecOptions.For(histories);
        var fit = HistoryFitOptions.For(histories, shape) with { Seed = options.Seed, Progress = notes };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(budget, options.StopToken);
        var model = new SasRec(shape);
        var steps = model.Fit(histories, fit with { Validation = rows.Examples(validation), StopToken = stop.Token }, cancellationToken);

        // Stopped before the first measurement, it has the weights of its last epoch.
        var epochs = steps.BestEpoch > 0 ? steps.BestEpoch : steps.Epochs.Count;
        var tried = new HistoryEmbeddingFit(RetrievalModelKind.SasRec, model, steps, rows) { Settings = Words(shape, epochs), Choice = steps };
        return new RetrievalChoice(tried, tried.Evaluate(validation, cancellationToken).Retrieval, (all, token) => Refit(shape, fit, steps, epochs, all, token));
    }

    private HistoryEmbeddingFit Refit(SasRecOptions shape, HistoryFitOptions fit, FitResult choice, int epochs, RetrievalRows rows, CancellationToken cancellationToken)
    {
        notes.Note(FormattableString.Invariant(
            $"epoch {epochs} is best on the validation rows; the network is trained for {epochs} {(epochs == 1 ? "epoch" : "epochs")} on all {rows.Train.RowCount:N0} rows."));
        var model = new SasRec(shape);
        var steps = model.Fit(rows.Histories, fit with { Epochs = epochs, StopToken = options.StopToken }, cancellationToken);
        return new HistoryEmbeddingFit(RetrievalModelKind.SasRec, model, steps, rows) { Settings = Words(shape, epochs), Choice = choice };
    }

    private static string Words(SasRecOptions shape, int epochs) =>
        FormattableString.Invariant($"{shape.Dimension} wide, {shape.Blocks} {(shape.Blocks == 1 ? "block" : "blocks")}, {epochs} {(epochs == 1 ? "epoch" : "epochs")}");
}

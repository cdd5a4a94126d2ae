using DotRec.Data;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Measures a ranker on rows with labels, beside the constant prediction. What <c>dotrec evaluate</c> does with the bundle of a ranking model.</summary>
/// <example>
/// <code>
/// using var ranker = Ranker.Load("models/clicks/1");
/// var evaluation = await new RankerEvaluator(ranker).EvaluateAsync("new-clicks.csv");
/// Console.WriteLine($"log loss {evaluation.Binary!.LogLoss}, of the mean label {evaluation.Constant!.Binary!.LogLoss}");
/// </code>
/// </example>
public sealed class RankerEvaluator
{
    private readonly Ranker _ranker;
    private readonly CsvOptions _layout;
    private readonly LabelCoding _label;

    /// <summary>An evaluator of a ranker.</summary>
    /// <param name="ranker">The ranker; whoever opened it disposes it.</param>
    /// <param name="layout">How files are laid out where it does not show; found out by default.</param>
    /// <exception cref="ArgumentException">The ranker does not tell which column its model predicts.</exception>
    public RankerEvaluator(Ranker ranker, CsvOptions? layout = null)
    {
        ArgumentNullException.ThrowIfNull(ranker);
        (_ranker, _layout, _label) = (ranker, layout ?? new CsvOptions(), RankerFactory.LabelOf(ranker));
    }

    /// <summary>Reads a file and measures on its rows.</summary>
    /// <param name="path">A file of features and labels: CSV, TSV (.gz, .zip), Parquet or JSON, or a folder of the parts of one.</param>
    /// <param name="progress">Hears notes and how far it is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between columns and between blocks of rows.</param>
    /// <exception cref="ArgumentException">The file has no rows, or no column of labels.</exception>
    /// <exception cref="DataFormatException">The file is not as it should be; the message names the line.</exception>
    /// <exception cref="InvalidDataException">A row has a label that the model does not know, or an infinite number; the message names the row.</exception>
    public async Task<RankerEvaluation> EvaluateAsync(string path, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var notes = new PipelineNotes(progress);
        var rows = await RankerTable.ReadAsync(path, _ranker.Features, _layout, notes, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Evaluate(rows, path, notes, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Measures on the rows of a table.</summary>
    /// <param name="rows">A column for each feature, and the labels.</param>
    /// <param name="progress">Hears how far it is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    /// <exception cref="ArgumentException">The table has no rows, or no column of labels.</exception>
    /// <exception cref="InvalidDataException">A row has a label that the model does not know; the message names the row.</exception>
    public Task<RankerEvaluation> EvaluateAsync(FeatureBatch rows, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Task.Run(() => Evaluate(rows, "the table", new PipelineNotes(progress), cancellationToken), cancellationToken);
    }

    private RankerEvaluation Evaluate(FeatureBatch rows, string name, PipelineNotes notes, CancellationToken cancellationToken)
    {
        if (!rows.TryGet(_label.Column, out var truth))
        {
            throw new ArgumentException($"{name} has no column '{_label.Column}' of labels. Its columns are: {string.Join(", ", rows.Schema)}.");
        }

        if (rows.RowCount == 0)
        {
            throw new ArgumentException($"{name} has no rows to evaluate on.");
        }

        var labels = _label.Encode(truth, name).Values.ToArray();
        var scores = RankerScores.Compute(_ranker, rows, notes, cancellationToken);
        var mean = RankerFactory.LabelMeanOf(_ranker);
        if (mean is null)
        {
            notes.Note("the bundle does not know the mean label of its training rows, so no constant prediction stands beside the model.");
        }

        return new RankerEvaluation(_label, rows.RowCount)
        {
            Binary = _label.IsBinary ? BinaryMetrics.Of(scores, labels) : null,
            Rating = _label.IsBinary ? null : RatingMetrics.Of(scores, labels),
            Constant = mean is { } value ? ConstantBaseline.Of(value, labels, _label.IsBinary) : null,
        };
    }
}

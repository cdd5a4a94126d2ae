using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Scores the rows of files with a ranker. What <c>dotrec predict</c> does. Rows in memory are scored by <see cref="Ranker.PredictBatch(FeatureBatch)"/>.</summary>
/// <example>
/// <code>
/// using var ranker = Ranker.Load("models/clicks/1");
/// int rows = await new RankerPredictor(ranker).PredictFileAsync("visits.csv", "scored.csv");
/// </code>
/// </example>
public sealed class RankerPredictor
{
    private readonly Ranker _ranker;
    private readonly CsvOptions _layout;

    /// <summary>A predictor by a ranker.</summary>
    /// <param name="ranker">The ranker; whoever opened it disposes it.</param>
    /// <param name="layout">How files are laid out where it does not show; found out by default.</param>
    public RankerPredictor(Ranker ranker, CsvOptions? layout = null)
    {
        ArgumentNullException.ThrowIfNull(ranker);
        (_ranker, _layout) = (ranker, layout ?? new CsvOptions());
    }

    /// <summary>What the column of scores is called; "score" by default.</summary>
    public string ScoreColumn
    {
        get;
        init => field = OptionRange.Column(value, nameof(ScoreColumn));
    } = "score";

    /// <summary>Writes the rows of a file with the score of each: a probability of the positive label, or a number. The fields of a text file come out as they were written.</summary>
    /// <param name="path">A file of features: CSV, TSV (.gz, .zip), Parquet or JSON, or a folder of the parts of one.</param>
    /// <param name="output">A .csv or .parquet file; there whole or not at all.</param>
    /// <param name="progress">Hears notes and how far it is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between columns and between blocks of rows, and leaves no file.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="ArgumentException">The output's name says no format, or the file has a column of the name of the scores.</exception>
    /// <exception cref="DataFormatException">The file is not as it should be; the message names the line.</exception>
    /// <exception cref="InvalidDataException">A row has an infinite number; the message names the row.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public async Task<int> PredictFileAsync(string path, string output, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        TableOutput.Check(output, nameof(output));
        var notes = new PipelineNotes(progress);
        var rows = await RankerTable.ReadAsync(path, _ranker.Features, _layout, notes, cancellationToken).ConfigureAwait(false);
        if (rows.TryGet(ScoreColumn, out _))
        {
            throw InvalidOption.Named(nameof(ScoreColumn), $"{path} has a column '{ScoreColumn}' already. Give the column of scores another name.");
        }

        var scores = await Task.Run(() => RankerScores.Compute(_ranker, rows, notes, cancellationToken), cancellationToken).ConfigureAwait(false);

        // A text file's fields are passed on as they are written, not as they were understood.
        var kept = TableFile.IsParquet(output) || !TableFile.IsText(path)
            ? rows
            : await DataSource.ReadAsync(
                path, _layout with { Schema = [.. rows.Columns.Select(one => new ColumnSchema(one.Name, ColumnType.String))] }, notes: null, cancellationToken).ConfigureAwait(false);
        await TableOutput.WriteAsync(new FeatureBatch([.. kept.Columns, new Column<float>(ScoreColumn, scores)]), output, cancellationToken).ConfigureAwait(false);
        return rows.RowCount;
    }
}

using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>
/// From a table with a label column to a model that predicts it: finds out what columns are and how the label is coded, looks for columns that tell the
/// label, holds rows out, compares networks on validation rows, trains the best, and measures it beside the mean label and a regression. What
/// <c>dotrec train --task ranking</c> does, as an object.
/// </summary>
/// <example>
/// <code>
/// var pipeline = new RankingPipeline(new RankingPipelineOptions { Label = "clicked" });
/// using var result = await pipeline.RunAsync("clicks.csv");
/// await result.SaveAsync("models/clicks/1");
/// </code>
/// </example>
/// <remarks>A pipeline holds no state: it may be run several times, also at once. All rows that are read are held in memory.</remarks>
public sealed class RankingPipeline
{
    /// <summary>A pipeline of these options.</summary>
    /// <exception cref="ArgumentException">The options contradict each other: a column is named twice, or the label is a feature.</exception>
    public RankingPipeline(RankingPipelineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RankingTable.Check(options);
        Options = options;
    }

    /// <summary>The options.</summary>
    public RankingPipelineOptions Options { get; }

    /// <summary>Reads files and does everything: <see cref="ReadAsync(string, string?, IProgress{PipelineProgress}?, CancellationToken)"/>, then the run.</summary>
    /// <param name="rows">A file with the label and the features, one row an example: CSV, TSV (.gz, .zip), Parquet or JSON, or a folder of the parts of one.</param>
    /// <param name="test">A file of rows to measure on, laid out alike; null to hold out rows as the options say.</param>
    /// <param name="progress">Hears notes, warnings and how far training is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between columns and between steps of training.</param>
    /// <exception cref="ArgumentException">The data do not suit the options; the message says what to change.</exception>
    /// <exception cref="DataFormatException">A file is not as it should be; the message names the line.</exception>
    /// <exception cref="InvalidDataException">A row has a label or a number that no model can learn; the message names the row.</exception>
    /// <exception cref="Modeling.NonFiniteLossException">Training diverged.</exception>
    public async Task<RankingResult> RunAsync(
        string rows, string? test = null, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default) =>
        await RunAsync(await ReadAsync(rows, test, progress, cancellationToken).ConfigureAwait(false), progress, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="RunAsync(string, string?, IProgress{PipelineProgress}?, CancellationToken)"/>
    /// <param name="rows">The label and the features, one row an example.</param>
    /// <param name="test">Rows to measure on; null to hold out rows as the options say.</param>
    /// <param name="progress">Hears notes, warnings and how far training is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between steps of training.</param>
    public Task<RankingResult> RunAsync(
        FeatureBatch rows, FeatureBatch? test = null, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        const string Name = "the table";
        return Task.Run(
            () =>
            {
                var options = RankingTable.Resolve(rows, Options);
                var columns = RankingTable.Columns(Name, rows, RankingTable.FeaturesOf(Name, rows, options), options.Kinds);
                return Run(RankingTable.Prepare(Name, rows, columns, test, options, new PipelineNotes(progress)), new PipelineNotes(progress), cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Trains and measures on data that are read.</summary>
    /// <param name="data">What <see cref="ReadAsync(string, string?, IProgress{PipelineProgress}?, CancellationToken)"/> gave.</param>
    /// <param name="progress">Hears notes, warnings and how far training is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between steps of training.</param>
    /// <exception cref="ArgumentException">The rows cannot be held out as the options say, or the checkpoint is of another fit.</exception>
    /// <exception cref="Modeling.NonFiniteLossException">Training diverged.</exception>
    public Task<RankingResult> RunAsync(RankingData data, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Task.Run(() => Run(data, new PipelineNotes(progress), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the rows, finds out what columns and label are, and looks for columns that tell the label.</summary>
    /// <param name="rows">A file with the label and the features, one row an example: CSV, TSV (.gz, .zip), Parquet or JSON, or a folder of the parts of one.</param>
    /// <param name="test">A file of rows to measure on, laid out alike; null to hold out rows as the options say.</param>
    /// <param name="progress">Hears what was assumed and what may be wrong; null for silence.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    /// <exception cref="ArgumentException">The data do not suit the options; the message says what to change.</exception>
    /// <exception cref="DataFormatException">A file is not as it should be; the message names the line.</exception>
    /// <exception cref="InvalidDataException">A row has a label or a number that no model can learn; the message names the row.</exception>
    public async Task<RankingData> ReadAsync(
        string rows, string? test = null, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(rows);
        var notes = new PipelineNotes(progress);
        var name = Path.GetFileName(rows);
        var layout = RankingTable.Layout(Options);
        var table = await DataSource.ReadAsync(rows, layout, notes, cancellationToken).ConfigureAwait(false);
        var options = RankingTable.Resolve(table, Options);
        var columns = RankingTable.Columns(name, table, RankingTable.FeaturesOf(name, table, options), options.Kinds);
        var held = test is null ? null : await RankerTable.ReadAsync(
            test, RankingTable.TestTypes(table, columns, options.Label), layout, notes, cancellationToken).ConfigureAwait(false);
        return RankingTable.Prepare(name, table, columns, held, options, notes);
    }

    private RankingResult Run(RankingData data, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var options = RankingTable.Resolve(data.Rows, Options);
        var run = new RankingExperiment(data, options).Run(notes, cancellationToken);
        var held = run.Split.Test.RowCount;
        foreach (var warning in run.Fit.Warnings.Where(warning => !IsOfVocabulary(warning)))
        {
            notes.Warn(warning);
        }

        if (RepeatedRows.Decide(run.RepeatedTestRows, held))
        {
            notes.Warn(FormattableString.Invariant(
                $"{run.RepeatedTestRows:N0} of {held:N0} test rows are in the training rows too, label included: the figures tell how well the model remembers. Remove repeated rows, or test on later ones."));
        }

        return new RankingResult(Options, data, run, RankerFactory.Create(run, data, options), [.. data.Warnings, .. notes.Warnings]);
    }

    // Rare categories are unknown to training by design.
    private static bool IsOfVocabulary(string warning) => warning.Contains("out of vocabulary", StringComparison.Ordinal);
}

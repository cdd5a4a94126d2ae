using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>
/// From who chose what to a recommender: reads the rows, leaves out those without ids, holds some out, finds the model that is best on some of the rest (or
/// makes the one that is asked for), measures it beside popularity and item-based neighbours, and puts the items into an index (an approximate one calibrated to find 98 % of the best), with display columns, popularity and what each
/// query has had. What <c>dotrec train</c> does, as an object.
/// </summary>
/// <example>
/// <code>
/// var pipeline = new RetrievalPipeline(new RetrievalPipelineOptions { QueryId = "user_id", ItemId = "movie_id" });
/// using var result = await pipeline.RunAsync("ratings.csv");
/// await result.SaveAsync("models/films/1");
/// </code>
/// </example>
/// <remarks>A pipeline holds no state: it may be run several times, also at once. All rows that are read are held in memory.</remarks>
public sealed class RetrievalPipeline
{
    private readonly TowerFeatures _features;

    /// <summary>A pipeline of these options.</summary>
    /// <exception cref="ArgumentException">The options contradict each other: a column is named twice, or is said to be something and is no feature.</exception>
    public RetrievalPipeline(RetrievalPipelineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _features = TowerFeatures.Of(options);
    }

    /// <summary>The options.</summary>
    public RetrievalPipelineOptions Options { get; }

    /// <summary>Reads files and does everything: <see cref="ReadAsync(string, string?, string?, IProgress{PipelineProgress}?, CancellationToken)"/>, then the run.</summary>
    /// <param name="interactions">A file of who chose what, one row a choice: CSV, TSV (.gz, .zip), Parquet or JSON, or a folder of the parts of one.</param>
    /// <param name="items">A file of the catalogue, one row an item; null for the items of <paramref name="interactions"/>.</param>
    /// <param name="test">A file of choices to measure on, laid out as <paramref name="interactions"/>; null to hold out rows as the options say.</param>
    /// <param name="progress">Hears notes, warnings and how far training is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between columns and between steps of training.</param>
    /// <exception cref="ArgumentException">The data do not suit the options; the message says what to change.</exception>
    /// <exception cref="DataFormatException">A file is not as it should be; the message names the line.</exception>
    /// <exception cref="Modeling.NonFiniteLossException">Training diverged.</exception>
    public async Task<RetrievalResult> RunAsync(
        string interactions, string? items = null, string? test = null, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default) =>
        await RunAsync(await ReadAsync(interactions, items, test, progress, cancellationToken).ConfigureAwait(false), progress, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="RunAsync(string, string?, string?, IProgress{PipelineProgress}?, CancellationToken)"/>
    /// <param name="interactions">Who chose what, one row a choice.</param>
    /// <param name="items">The catalogue, one row an item; null for the items of <paramref name="interactions"/>.</param>
    /// <param name="test">Choices to measure on; null to hold out rows as the options say.</param>
    /// <param name="progress">Hears notes, warnings and how far training is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between steps of training.</param>
    public Task<RetrievalResult> RunAsync(
        FeatureBatch interactions, FeatureBatch? items = null, FeatureBatch? test = null, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        return Task.Run(
            () =>
            {
                var options = TowerFeatures.Resolve(interactions, items, Options);
                return Run(
                    TrainingData.Prepare("the table of interactions", interactions, items, test, options, new PipelineNotes(progress)), new PipelineNotes(progress), cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Trains, measures and indexes on data that are read.</summary>
    /// <param name="data">What <see cref="ReadAsync(string, string?, string?, IProgress{PipelineProgress}?, CancellationToken)"/> gave.</param>
    /// <param name="progress">Hears notes, warnings and how far training is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between steps of training.</param>
    /// <exception cref="ArgumentException">The rows cannot be held out as the options say, or the checkpoint is of another fit.</exception>
    /// <exception cref="Modeling.NonFiniteLossException">Training diverged.</exception>
    public Task<RetrievalResult> RunAsync(RetrievalData data, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Task.Run(() => Run(data, new PipelineNotes(progress), cancellationToken), cancellationToken);
    }

    /// <summary>Reads the columns that are needed, and makes the catalogue: the given one, or the distinct items of the interactions.</summary>
    /// <param name="interactions">A file of who chose what, one row a choice: CSV, TSV (.gz, .zip), Parquet or JSON, or a folder of the parts of one.</param>
    /// <param name="items">A file of the catalogue, one row an item; null for the items of <paramref name="interactions"/>.</param>
    /// <param name="test">A file of choices to measure on, laid out as <paramref name="interactions"/>; null to hold out rows as the options say.</param>
    /// <param name="progress">Hears what was assumed and what was left out; null for silence.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    /// <exception cref="ArgumentException">The data do not suit the options; the message says what to change.</exception>
    /// <exception cref="DataFormatException">A file is not as it should be; the message names the line.</exception>
    public async Task<RetrievalData> ReadAsync(
        string interactions, string? items = null, string? test = null, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(interactions);
        var notes = new PipelineNotes(progress);
        var layout = Options.Layout with { Ids = [Options.QueryId, Options.ItemId] };
        string[] required = [.. _features.Query, Options.ItemId, .. items is null ? Options.ItemFeatures : []];
        string[] times = Options.Test.Time is { } time ? [time] : [];
        string[] told = [.. new[] { Options.Weight, Options.Label }.OfType<string>()];
        string[] optional = [.. _features.Item, .. times, .. told];

        // Without the column of times that rows are held out by, all columns are read: they are what an error names.
        string[] needed = [.. required, .. told, .. test is null || Options.ValidationFraction is not null ? times : []];
        var rows = await DataSource.ReadColumnsAsync(interactions, layout, needed, optional, notes, cancellationToken).ConfigureAwait(false);

        // Names of columns are those of the interactions. Of the catalogue all are read: they are shown with recommendations.
        var catalogue = items is null ? null : await DataSource.ReadAsync(items, layout with { Columns = null, Header = null }, notes, cancellationToken).ConfigureAwait(false);
        var options = TowerFeatures.Resolve(rows, catalogue, Options);
        var held = test is null ? null : await DataSource.ReadColumnsAsync(
            test, layout with { Schema = TrainingData.TestTypes(rows, TowerFeatures.Of(options)) }, required, optional, notes, cancellationToken).ConfigureAwait(false);
        return TrainingData.Prepare(Path.GetFileName(interactions), rows, catalogue, held, options, notes);
    }

    // What is held out as a whole is unknown by design.
    private static bool IsOfVocabulary(string warning) => warning.Contains("out of vocabulary", StringComparison.Ordinal);

    private RetrievalResult Run(RetrievalData data, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var options = TowerFeatures.Resolve(data.Interactions, data.Items, Options);
        var run = new RetrievalExperiment(data, options, TowerFeatures.Of(options)).Run(notes, cancellationToken);
        foreach (var warning in (run.Fit.Training?.Warnings ?? []).Concat((run.Evaluation?.Warnings ?? []).Where(warning => !(options.Test.IsCold && IsOfVocabulary(warning)))))
        {
            notes.Warn(warning);
        }

        var held = run.Split.Test.RowCount;
        if (RepeatedRows.Decide(run.RepeatedTestRows, held))
        {
            notes.Warn(FormattableString.Invariant(
                $"{run.RepeatedTestRows:N0} of {held:N0} test rows are in the training rows too: the figures tell how well the model remembers. Remove them from one of the tables, or test on later rows."));
        }

        if (run.Exclusion.Reason is { } reason)
        {
            notes.Note(reason);
        }

        if (!Options.CreateRecommender)
        {
            return new RetrievalResult(Options, data, run, recommender: null, indexes: [], [.. data.Warnings, .. notes.Warnings]);
        }

        var (recommender, indexes) = RecommenderFactory.Create(run, data, options, notes);
        return new RetrievalResult(Options, data, run, recommender, indexes, [.. data.Warnings, .. notes.Warnings]);
    }
}

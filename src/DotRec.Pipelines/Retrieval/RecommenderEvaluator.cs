using DotRec.Data;
using DotRec.Modeling;
using DotRec.Serving;
using SeenItems = DotRec.Serving.SeenItems;

namespace DotRec.Pipelines;

/// <summary>
/// Measures a recommender on who chose what, as users meet it: through its own search; popularity stands beside it. What <c>dotrec evaluate</c> does with
/// the bundle of a retrieval model.
/// </summary>
/// <example>
/// <code>
/// using var recommender = Recommender.Load("models/films/1");
/// var evaluation = await new RecommenderEvaluator(recommender).EvaluateAsync("last-week.csv");
/// Console.WriteLine($"hit rate at 10: {evaluation.Model.All.HitRate[10]}, popularity {evaluation.Popularity!.All.HitRate[10]}");
/// </code>
/// </example>
public sealed class RecommenderEvaluator
{
    private static readonly int[] Ks = [1, 5, 10, 50, 100];

    private readonly Recommender _recommender;
    private readonly RecommenderEvaluatorOptions _options;
    private readonly string _itemId;

    /// <summary>An evaluator of a recommender.</summary>
    /// <param name="recommender">The recommender; whoever opened it disposes it.</param>
    /// <param name="options">What is read and how much is done; the defaults when null.</param>
    public RecommenderEvaluator(Recommender recommender, RecommenderEvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recommender);
        (_recommender, _options) = (recommender, options ?? new RecommenderEvaluatorOptions());
        _itemId = _options.ItemId ?? recommender.Options.ItemIdColumn;
    }

    private string QueryId => _recommender.QueryIdFeature ?? _recommender.QueryFeatures[0].Name;

    /// <summary>Reads a file and measures on its rows.</summary>
    /// <param name="path">A file of query features and chosen items: CSV, TSV (.gz, .zip), Parquet or JSON, or a folder of the parts of one.</param>
    /// <param name="progress">Hears notes, warnings and how far it is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between columns and between blocks of rows.</param>
    /// <exception cref="ArgumentException">The file has no rows, or lacks a column.</exception>
    /// <exception cref="DataFormatException">The file is not as it should be; the message names the line.</exception>
    /// <exception cref="InvalidDataException">A column holds what the model cannot read.</exception>
    public async Task<RecommenderEvaluation> EvaluateAsync(string path, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var notes = new PipelineNotes(progress);
        var rows = await QueryColumns.ReadAsync(path, _options.Layout, _recommender, [_itemId], notes, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Evaluate(rows, path, notes, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Measures on the rows of a table.</summary>
    /// <param name="rows">A column for each query feature, and the chosen items.</param>
    /// <param name="progress">Hears notes, warnings and how far it is, on the thread that works; null for silence.</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    /// <exception cref="ArgumentException">The table has no rows, or lacks a column.</exception>
    /// <exception cref="InvalidDataException">A column holds what the model cannot read.</exception>
    public Task<RecommenderEvaluation> EvaluateAsync(FeatureBatch rows, IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Task.Run(() => Evaluate(rows, "the table", new PipelineNotes(progress), cancellationToken), cancellationToken);
    }

    private RecommenderEvaluation Evaluate(FeatureBatch rows, string name, PipelineNotes notes, CancellationToken cancellationToken)
    {
        if (!rows.TryGet(_itemId, out _))
        {
            throw InvalidOption.Named(nameof(_options.ItemId), $"{name} has no column '{_itemId}' of item ids. Its columns are: {string.Join(", ", rows.Schema)}.");
        }

        if (rows.RowCount == 0)
        {
            throw new ArgumentException($"{name} has no rows to evaluate on.");
        }

        var measured = EvaluationSample.Of(rows, _recommender.Index.Ids.Count, _options.EvaluationBudget, _options.Seed, "rows", notes);
        var queries = QueryColumns.Of(measured, _recommender, name);
        var truth = BundleRanks.TrueRows(measured[_itemId], _recommender.Index.Ids);
        var unknown = truth.Count(row => row < 0);
        if (unknown > 0)
        {
            notes.Warn(FormattableString.Invariant($"{unknown:N0} of {truth.Length:N0} rows name an item that the bundle does not hold; they are misses."));
        }

        var all = BundleRanks.Compute(_recommender, queries, truth, Ks[^1], excludeSeen: false, "measuring, all items", notes, cancellationToken);
        var unseen = _recommender.Seen is null ? null
            : BundleRanks.Compute(_recommender, queries, truth, Ks[^1], excludeSeen: true, "measuring, excluding seen", notes, cancellationToken);
        var report = RetrievalReport.FromRanks(all, unseen, Ks);
        return new RecommenderEvaluation(measured, QueryId, _itemId, report)
        {
            NewItems = new NewItemsMeasure(_recommender, Ks).Of(queries, truth, report, notes, cancellationToken),
            RowCount = rows.RowCount,
            UnknownItemCount = unknown,
            Popularity = _recommender.Popularity is { } counts ? PopularityOf(new PopularityRanks(counts), queries, truth) : null,
        };
    }

    private RetrievalReport PopularityOf(PopularityRanks popularity, FeatureBatch queries, int[] truth) => RetrievalReport.FromRanks(
        [.. truth.Select(row => popularity.Of(row, [], Ks[^1]))],
        _recommender.Seen is { } seen ? [.. truth.Select((row, i) => popularity.Of(row, RowsOf(seen, queries[seen.QueryFeature], i), Ks[^1]))] : null,
        Ks);

    private static ReadOnlySpan<int> RowsOf(SeenItems seen, Column queries, int row) =>
        queries is Column<string> texts ? seen.RowsOf(texts.Values[row]) : seen.RowsOf(((Column<long>)queries).Values[row]);
}

using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>Measures two towers on held-out rows: how high they rank the true items, beside popularity, with and without what queries had in training.</summary>
internal sealed class RetrievalEvaluator(Tower queryTower, Tower itemTower, Retrieval task)
{
    private TrainingHistory? _history;

    /// <summary>Column that identifies a query; null for the first that the query tower reads.</summary>
    public string? QueryIdColumn { get; set; }

    /// <summary>Column that identifies an item; null for that of the catalogue, or the only one the item tower reads.</summary>
    public string? ItemIdColumn { get; set; }

    /// <summary>Float column with a weight for every row; null for equal weights.</summary>
    public string? WeightColumn { get; set; }

    private string ItemId => task.ItemIdColumn(itemTower, ItemIdColumn);

    /// <summary>The task's metric, its id column settled.</summary>
    public FactorizedTopK? Metric => task.Metrics?.ById(ItemId);

    /// <summary>Takes the rows of a fit.</summary>
    public void Remember(FeatureBatch data) =>
        _history = Metric is { } metric ? new TrainingHistory(metric, data, QueryIdColumn ?? queryTower.Inputs[0].Name) : null;

    /// <summary>Ranks the true items of rows.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="loss">The model's mean loss on them.</param>
    /// <param name="warnings">What looks wrong with the data.</param>
    /// <param name="cancellationToken">Checked between blocks of rows.</param>
    public TwoTowerEvaluation Evaluate(EncodedData data, double loss, List<string> warnings, CancellationToken cancellationToken)
    {
        var rows = data.Features;
        if (Metric is not { } metric)
        {
            return new TwoTowerEvaluation(loss, rows.RowCount, retrieval: null, popularity: null, warnings);
        }

        var weights = WeightColumn is { } column ? rows.Get<float>(column).Values : default;
        var queries = queryTower.Embed(data, cancellationToken: cancellationToken);
        var items = itemTower.Embed(metric.Items);
        if (_history is null)
        {
            var ranks = metric.Rank(queries, items, rows[metric.IdColumn], cancellationToken);
            return new TwoTowerEvaluation(loss, rows.RowCount, RetrievalReport.FromRanks(ranks, excludingSeen: null, metric.KSpan, weights), popularity: null, warnings);
        }

        var model = _history.Rank(new EmbeddingScorer(queries, items, queryTower.Dimension), rows, weights, cancellationToken);
        var popularity = _history.Rank(_history.Popularity(rows.RowCount), rows, weights, cancellationToken);
        if (metric.Ks[^1] is var k && model.All.HitRate[k] < popularity.All.HitRate[k])
        {
            warnings.Add($"The model is behind the popularity baseline at {k}: hit rate {model.All.HitRate[k]:F4} against {popularity.All.HitRate[k]:F4}.");
        }

        return new TwoTowerEvaluation(loss, rows.RowCount, model, popularity, warnings);
    }

    /// <summary>Scores the task's catalogue for rows.</summary>
    /// <exception cref="InvalidOperationException">The task has no catalogue.</exception>
    public ItemScorer ScorerOf(EncodedData data, CancellationToken cancellationToken)
    {
        var metric = Metric ?? throw new InvalidOperationException("The task has no catalogue to score.");
        return new EmbeddingScorer(queryTower.Embed(data, cancellationToken: cancellationToken), itemTower.Embed(metric.Items), queryTower.Dimension);
    }

    /// <summary>What looks wrong with the items of rows, though it is allowed.</summary>
    public IEnumerable<string> WarningsAbout(FeatureBatch rows)
    {
        if (Metric is { } metric && metric.Ids.RowsOf(rows[metric.IdColumn]).Count(row => row < 0) is > 0 and var missing)
        {
            yield return $"{missing} of {rows.RowCount} rows name an item in '{metric.IdColumn}' that the catalogue does not hold; they can only be misses.";
        }
    }

    /// <summary>What of this a checkpoint belongs to.</summary>
    public string DescribeSettings() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"temperature {task.Temperature:R}, hits removed {task.RemoveAccidentalHits ?? true}, hard negatives {task.HardNegatives}, {task.Reduction}, ")
        + $"sampling corrected {task.CorrectSampling ?? true}, item {ItemId}, weights {WeightColumn}";
}

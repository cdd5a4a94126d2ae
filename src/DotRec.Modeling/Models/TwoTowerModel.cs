using System.Globalization;
using DotRec.Autodiff;
using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>
/// The ready retrieval model: a tower for queries (users), a tower for items, trained to score each row's item above the other items of its
/// batch. Scores are inner products of embeddings, so any item index serves it.
/// </summary>
/// <remarks>
/// Differs from TFRS' example in what is on by default: the correction for sampling probability (<see cref="CorrectSampling"/>, counted on the
/// training data) and the removal of accidental hits (<see cref="Retrieval.RemoveAccidentalHits"/>). Evaluation reports the popularity
/// baseline beside the model. Each different item of a batch is embedded and scored once, with the same loss and gradients.
/// </remarks>
public sealed class TwoTowerModel : RecommenderModel
{
    private readonly object _itemsKey = new();
    private ItemStatistics? _statistics;
    private TrainingHistory? _history;

    /// <summary>Makes the model.</summary>
    /// <param name="queryTower">Turns query features into embeddings.</param>
    /// <param name="itemTower">Turns item features into embeddings of the same width.</param>
    /// <param name="task">The loss and the catalogue to evaluate on; TFRS' loss with both corrections and no catalogue when null.</param>
    public TwoTowerModel(Tower queryTower, Tower itemTower, Retrieval? task = null)
    {
        QueryTower = Use(queryTower, "query");
        ItemTower = Use(itemTower, "item");
        Task = task ?? new Retrieval();
    }

    /// <summary>The query tower.</summary>
    public Tower QueryTower { get; }

    /// <summary>The item tower.</summary>
    public Tower ItemTower { get; }

    /// <summary>The loss and how the model is evaluated.</summary>
    public Retrieval Task { get; }

    /// <summary>True (the default): scores are corrected for how often items come in the training data (logQ).</summary>
    public bool CorrectSampling { get; init; } = true;

    /// <summary>Column that identifies a query, for the items it has seen. Null: the first column the query tower reads.</summary>
    public string? QueryIdColumn { get; init; }

    /// <summary>Column that identifies an item. Null: the id column of the catalogue, or else the only column the item tower reads.</summary>
    public string? ItemIdColumn { get; init; }

    /// <summary>Float column with a weight for every row, or null for equal weights.</summary>
    public string? SampleWeightColumn { get; init; }

    private bool RemovesAccidentalHits => Task.RemoveAccidentalHits ?? true;

    /// <summary>Embeddings of queries, shape [rows, D], row-major.</summary>
    public float[] EmbedQueries(FeatureBatch queries) => QueryTower.Embed(queries);

    /// <summary>Embeddings of items, shape [rows, D], row-major: what an index is built from.</summary>
    public float[] EmbedItems(FeatureBatch items) => ItemTower.Embed(items);

    /// <summary>Loss and ranking metrics on held-out rows, with and without the items of the training data, beside popularity.</summary>
    /// <remarks>
    /// Seen items and popularity are those of the last <see cref="RecommenderModel.Fit"/>; after a load call <see cref="RememberTrainingData"/>.
    /// </remarks>
    /// <inheritdoc/>
    public override TwoTowerEvaluation Evaluate(FeatureBatch data, int batchSize = DefaultEvaluationBatchSize, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var encoded = new EncodedData(data);
        var loss = MeanLoss(encoded, batchSize, cancellation);
        var warnings = WarningsAbout(encoded).ToList();
        if (Task.Metrics is not { } metric)
        {
            return new TwoTowerEvaluation(loss, data.RowCount, ranking: null, popularity: null, warnings);
        }

        metric.NameIdColumn(FindItemIdColumn());
        var weights = SampleWeightColumn is { } column ? data.Get<float>(column).Values : default;
        var queries = QueryTower.Embed(encoded, cancellation: cancellation);
        var items = EmbedItems(metric.Items);
        if (_history is null)
        {
            var ranking = metric.Evaluate(queries, items, data[metric.IdColumn], weights.ToArray(), cancellation);
            return new TwoTowerEvaluation(loss, data.RowCount, new RankingReport(ranking, ExcludingSeen: null), popularity: null, warnings);
        }

        var model = _history.Rank(new EmbeddingScorer(queries, items, QueryTower.Dimension), data, weights, cancellation);
        var popularity = _history.Rank(_history.Popularity(data.RowCount), data, weights, cancellation);
        if (metric.Ks[^1] is var k && model.All.HitRate[k] < popularity.All.HitRate[k])
        {
            warnings.Add($"The model is behind the popularity baseline at {k}: hit rate {model.All.HitRate[k]:F4} against {popularity.All.HitRate[k]:F4}.");
        }

        return new TwoTowerEvaluation(loss, data.RowCount, model, popularity, warnings);
    }

    /// <summary>Counts items and what each query has seen, as a fit does: for evaluating a model that was loaded.</summary>
    public void RememberTrainingData(FeatureBatch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _statistics = new ItemStatistics(data, FindItemIdColumn());
        _history = null;
        if (Task.Metrics is { } metric)
        {
            metric.NameIdColumn(FindItemIdColumn());
            _history = new TrainingHistory(metric, data, QueryIdColumn ?? QueryTower.Inputs[0].Name);
        }
    }

    internal override IEnumerable<string> WarningsAbout(EncodedData data)
    {
        foreach (var warning in base.WarningsAbout(data))
        {
            yield return warning;
        }

        if (Task.Metrics is { } metric && metric.Ids.RowsOf(data.Features[metric.IdColumn]).Count(row => row < 0) is > 0 and var missing)
        {
            yield return $"{missing} of {data.Features.RowCount} rows name an item in '{metric.IdColumn}' that the catalogue does not hold; they can only be misses.";
        }
    }

    internal override string DescribeSettings() => string.Create(
        CultureInfo.InvariantCulture,
        $"{base.DescribeSettings()}; temperature {Task.Temperature:R}, hits removed {RemovesAccidentalHits}, hard negatives {Task.HardNegatives}, {Task.Reduction}, ")
        + $"sampling corrected {CorrectSampling}, item {FindItemIdColumn()}, weights {SampleWeightColumn}";

    private protected override void OnFitStarting(EncodedData data) => RememberTrainingData(data.Features);

    /// <inheritdoc/>
    protected override double LossDivisor(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Task.Reduction == LossReduction.Sum ? batch.RowCount : 1;
    }

    /// <inheritdoc/>
    protected override Tensor ComputeLoss(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var statistics = _statistics ??= new ItemStatistics(batch.Data.Features, FindItemIdColumn());
        var items = batch.Data.Derived((_itemsKey, statistics), _ => statistics.Of(batch.Data, ItemTower.Preprocessing));
        var codes = Array.ConvertAll(batch.Rows.ToArray(), row => items.Codes[row]);
        var weights = SampleWeightColumn is { } column ? batch.Get<float>(column) : [];
        var queries = QueryTower.Forward(batch);
        if (queries.Rank == 2 && Task.AllowsUniqueCandidates && items.CanBeEmbeddedOnce && !(ItemTower.IsRandom && batch.Context.IsTraining))
        {
            var unique = UniqueCandidates.Of(codes, items.Scratch);
            var uniqueItems = batch.Select(unique.FirstRows, unique.Counts);
            return Task.ComputeUniqueLoss(queries, ItemTower.Forward(uniqueItems), unique, weights, Probabilities(items, uniqueItems), RemovesAccidentalHits);
        }

        return Task.WithAccidentalHitsRemoved(RemovesAccidentalHits).ComputeLoss(queries, ItemTower.Forward(batch), new RetrievalInputs
        {
            SampleWeight = weights,
            SamplingProbability = Probabilities(items, batch),
            CandidateIds = CandidateIds.OfCodes(codes),
        });
    }

    private float[] Probabilities(DataItems items, Batch rows) =>
        CorrectSampling ? Array.ConvertAll(rows.Rows.ToArray(), row => items.Probabilities[row]) : [];

    private string FindItemIdColumn()
    {
        if ((ItemIdColumn ?? Task.Metrics?.NamedIdColumn) is { } named)
        {
            return named;
        }

        var inputs = ItemTower.Inputs;
        return inputs.Count == 1 ? inputs[0].Name : throw new InvalidOperationException(
            $"The item tower reads {string.Join(", ", inputs)}; say which column identifies an item: new TwoTowerModel(…) {{ ItemIdColumn = … }}.");
    }
}

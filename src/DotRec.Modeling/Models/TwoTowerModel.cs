using System.Globalization;
using DotRec.Autodiff;
using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>
/// The ready retrieval model: a tower for queries (users), a tower for items, trained to score each row's item above the other items of its
/// batch. Scores are inner products of embeddings, so any item index serves it.
/// </summary>
/// <remarks>
/// Differs from TFRS' example in what is on by default: the correction for sampling probability (<see cref="Retrieval.CorrectSampling"/>, counted on the
/// training data) and the removal of accidental hits (<see cref="Retrieval.RemoveAccidentalHits"/>). Evaluation reports the popularity
/// baseline beside the model. The loss is <see cref="Retrieval.ComputeLoss(Batch, Tensor, Tower, string?, string?)"/>, which a model of your own can call too.
/// </remarks>
public sealed class TwoTowerModel : RecommenderModel
{
    private TrainingHistory? _history;
    private EncodedData? _catalogue;

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

    /// <summary>Column that identifies a query, for the items it has seen. Null: the first column the query tower reads.</summary>
    public string? QueryIdColumn { get; init; }

    /// <summary>Column that identifies an item. Null: the id column of the catalogue, or else the only column the item tower reads.</summary>
    public string? ItemIdColumn { get; init; }

    /// <summary>Float column with a weight for every row, or null for equal weights.</summary>
    public string? SampleWeightColumn { get; init; }

    /// <summary>
    /// Column of lists: ids of items that the row's query was shown and did not choose, texts or integers; null (the default) for none. In training one of them,
    /// drawn anew each time, is to score below the row's item: the loss of a row with a list gains <see cref="NegativeWeight"/> · −ln σ(s⁺ − s⁻)
    /// (Rendle et al., 2009, for negatives that are known). They are no part of the softmax, whose other items stand for the whole catalogue. Needs a task with a catalogue,
    /// whose rows embed them.
    /// </summary>
    public string? NegativesColumn { get; init; }

    /// <summary>How much a known negative counts beside the softmax of its row; 1 by default, 0 or positive.</summary>
    public double NegativeWeight
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "NegativeWeight must be 0 or a positive number.");
    } = 1;

    private string ItemId => Task.ItemIdColumn(ItemTower, ItemIdColumn);

    /// <summary>The task's metric, its id column settled.</summary>
    private FactorizedTopK? Metric => Task.Metrics?.ById(ItemId);

    /// <summary>Embeddings of queries, shape [rows, D], row-major.</summary>
    public float[] EmbedQueries(FeatureBatch queries) => QueryTower.Embed(queries);

    /// <summary>Embeddings of items, shape [rows, D], row-major: what an index is built from.</summary>
    public float[] EmbedItems(FeatureBatch items) => ItemTower.Embed(items);

    /// <summary>Loss and retrieval metrics on held-out rows, with and without the items of the training data, beside popularity.</summary>
    /// <remarks>
    /// Seen items and popularity are those of the last <see cref="RecommenderModel.Fit"/>; after a load call <see cref="RecommenderModel.RememberTrainingData"/>.
    /// </remarks>
    /// <inheritdoc/>
    public override TwoTowerEvaluation Evaluate(FeatureBatch data, int batchSize = DefaultEvaluationBatchSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var encoded = Encode(data);
        var loss = AverageLoss(encoded, batchSize, cancellationToken).Mean;
        var warnings = WarningsAbout(encoded).ToList();
        if (Metric is not { } metric)
        {
            return new TwoTowerEvaluation(loss, data.RowCount, retrieval: null, popularity: null, warnings);
        }

        var weights = SampleWeightColumn is { } column ? data.Get<float>(column).Values : default;
        var queries = QueryTower.Embed(encoded, cancellationToken: cancellationToken);
        var items = EmbedItems(metric.Items);
        if (_history is null)
        {
            var ranks = metric.Rank(queries, items, data[metric.IdColumn], cancellationToken);
            return new TwoTowerEvaluation(loss, data.RowCount, RetrievalReport.FromRanks(ranks, excludingSeen: null, metric.KSpan, weights), popularity: null, warnings);
        }

        var model = _history.Rank(new EmbeddingScorer(queries, items, QueryTower.Dimension), data, weights, cancellationToken);
        var popularity = _history.Rank(_history.Popularity(data.RowCount), data, weights, cancellationToken);
        if (metric.Ks[^1] is var k && model.All.HitRate[k] < popularity.All.HitRate[k])
        {
            warnings.Add($"The model is behind the popularity baseline at {k}: hit rate {model.All.HitRate[k]:F4} against {popularity.All.HitRate[k]:F4}.");
        }

        return new TwoTowerEvaluation(loss, data.RowCount, model, popularity, warnings);
    }

    internal override IEnumerable<string> WarningsAbout(EncodedData data)
    {
        foreach (var warning in base.WarningsAbout(data))
        {
            yield return warning;
        }

        if (Metric is { } metric && metric.Ids.RowsOf(data.Features[metric.IdColumn]).Count(row => row < 0) is > 0 and var missing)
        {
            yield return $"{missing} of {data.Features.RowCount} rows name an item in '{metric.IdColumn}' that the catalogue does not hold; they can only be misses.";
        }
    }

    internal override string DescribeSettings() => string.Create(
        CultureInfo.InvariantCulture,
        $"{base.DescribeSettings()}; temperature {Task.Temperature:R}, hits removed {Task.RemoveAccidentalHits ?? true}, hard negatives {Task.HardNegatives}, {Task.Reduction}, ")
        + $"sampling corrected {Task.CorrectSampling ?? true}, item {ItemId}, weights {SampleWeightColumn}{(NegativesColumn is { } negatives ? FormattableString.Invariant($", negatives {negatives} {NegativeWeight:R}") : "")}";

    private protected override void OnTrainingData(FeatureBatch data) =>
        _history = Metric is { } metric ? new TrainingHistory(metric, data, QueryIdColumn ?? QueryTower.Inputs[0].Name) : null;

    /// <inheritdoc/>
    protected override Loss ComputeLoss(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var queries = QueryTower.Forward(batch);
        var loss = Task.ComputeLoss(batch, queries, ItemTower, ItemIdColumn, SampleWeightColumn);
        return NegativesColumn is { } column && batch.Context.IsTraining && LossOfNegatives(batch, queries, column) is { } known ? loss + known : loss;
    }

    private Loss? LossOfNegatives(Batch batch, Tensor queries, string column)
    {
        var metric = Metric ?? throw new InvalidOperationException(
            $"Column '{column}' names items by their ids, and the task has no catalogue to find their features in: new {nameof(Retrieval)}(new {nameof(FactorizedTopK)}(items)).");
        if (queries.Rank != 2)
        {
            throw new InvalidOperationException($"{nameof(NegativesColumn)} is for queries of one vector; the query tower gives several.");
        }

        var lists = batch.Data.Derived((nameof(NegativeLists), column), features => NegativeLists.Of(features[column], features[metric.IdColumn], metric.Ids));
        var (positions, drawn) = lists.Draw(batch.Rows, batch.Context.NextSeed());
        if (positions.Length == 0 || NegativeWeight == 0)
        {
            return null;
        }

        _catalogue ??= new EncodedData(metric.Items);
        var difference = ItemTower.Forward(batch.Select(positions)) - ItemTower.Forward(new Batch(_catalogue, drawn, batch.Context));
        var margins = (queries.Gather(new Indices(positions)) * difference).Sum(1) * (float)(1 / Task.Temperature);
        var weights = batch.WeightsOf(SampleWeightColumn);
        var sum = new Ranking(PointwiseLoss.BinaryCrossEntropyOfLogits) { Reduction = LossReduction.Sum }.ComputeLoss(
            margins,
            Enumerable.Repeat(1f, positions.Length).ToArray(),
            weights.Length == 0 ? default(ReadOnlyMemory<float>) : Array.ConvertAll(positions, position => weights[position]));
        return Loss.Sum(sum.Value * (float)NegativeWeight, batch.RowCount);
    }
}

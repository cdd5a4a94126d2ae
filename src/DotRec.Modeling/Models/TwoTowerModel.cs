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
    private readonly RetrievalEvaluator _evaluator;
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
        _evaluator = new RetrievalEvaluator(QueryTower, ItemTower, Task);
    }

    /// <summary>The query tower.</summary>
    public Tower QueryTower { get; }

    /// <summary>The item tower.</summary>
    public Tower ItemTower { get; }

    /// <summary>The loss and how the model is evaluated.</summary>
    public Retrieval Task { get; }

    /// <summary>Column that identifies a query, for the items it has seen. Null: the first column the query tower reads.</summary>
    public string? QueryIdColumn
    {
        get => _evaluator.QueryIdColumn;
        init => _evaluator.QueryIdColumn = value;
    }

    /// <summary>Column that identifies an item. Null: the id column of the catalogue, or else the only column the item tower reads.</summary>
    public string? ItemIdColumn
    {
        get => _evaluator.ItemIdColumn;
        init => _evaluator.ItemIdColumn = value;
    }

    /// <summary>Float column with a weight for every row, or null for equal weights.</summary>
    public string? SampleWeightColumn
    {
        get => _evaluator.WeightColumn;
        init => _evaluator.WeightColumn = value;
    }

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
        return _evaluator.Evaluate(encoded, loss, [.. WarningsAbout(encoded)], cancellationToken);
    }

    /// <summary>Scores the catalogue of the task for rows.</summary>
    internal ItemScorer ScorerOf(FeatureBatch rows, CancellationToken cancellationToken) => _evaluator.ScorerOf(Encode(rows), cancellationToken);

    internal override IEnumerable<string> WarningsAbout(EncodedData data) => [.. base.WarningsAbout(data), .. _evaluator.WarningsAbout(data.Features)];

    internal override string DescribeSettings() =>
        $"{base.DescribeSettings()}; {_evaluator.DescribeSettings()}{(NegativesColumn is { } negatives ? FormattableString.Invariant($", negatives {negatives} {NegativeWeight:R}") : "")}";

    private protected override void OnTrainingData(FeatureBatch data) => _evaluator.Remember(data);

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
        var metric = _evaluator.Metric ?? throw new InvalidOperationException(
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

using System.Globalization;
using System.Text.Json.Nodes;
using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Modeling;

/// <summary>
/// The ready model of several tasks on shared towers, as TFRS' multitask tutorial: a query and an item tower are trained for retrieval and, by heads over
/// both embeddings, for labels such as ratings and clicks; so that a task with few examples gains from one with many.
/// </summary>
/// <remarks>
/// <para>
/// Minimised is <see cref="RetrievalWeight"/> times the mean retrieval loss of an example plus <see cref="RankingHead.Weight"/> times that of each head, whatever
/// their reductions (see <see cref="Loss"/>). A task of weight 0 is left out of training: the rest is, bit for bit, the model without it.
/// </para>
/// <para>
/// Rows may serve some tasks only: a column of weights says so with zeros, <see cref="RetrievalWeightColumn"/> for rows that were no choice of the query (shown but not
/// clicked, rated low), <see cref="RankingHead.SampleWeightColumn"/> for rows without a label.
/// </para>
/// </remarks>
/// <example>
/// Retrieval and ratings; afterwards the query tower, the item tower and the head are a bundle that retrieves by the embeddings and orders by predicted ratings.
/// <code>
/// var model = new MultiTaskModel(
///     new Tower(new StringLookup("user_id", train), new Embedding(32)),
///     new Tower(new StringLookup("movie_title", data), new Embedding(32)),
///     new Retrieval(new FactorizedTopK(data, "movie_title")),
///     new RankingHead("rating", "rating", new Ranking(PointwiseLoss.SquaredError)) { Weight = 0.5 });
/// model.Fit(train);
/// var evaluation = model.Evaluate(test);
/// var (hits, error) = (evaluation.Retrieval.All.HitRate[100], evaluation.Heads["rating"].Rating.Rmse);
///
/// using var index = BruteForceIndex.Build(model.EmbedItems(data), ItemIds.From(data.Get&lt;string>("movie_title").Values));
/// using var recommender = new Recommender(model.QueryTower.Export(), index, new RecommenderOptions { ItemIdColumn = "movie_title", Items = data, Ranker = model.ExportHead("rating") });
/// </code>
/// </example>
public sealed class MultiTaskModel : RecommenderModel
{
    internal const string QueryName = "query";
    internal const string ItemName = "item";
    internal const string RetrievalName = "retrieval";
    internal const string PopularityName = "popularity";
    private const string ScalesName = "labelScales";

    private readonly RetrievalEvaluator _evaluator;
    private readonly Tower[] _headTowers;

    /// <summary>Makes the model.</summary>
    /// <param name="queryTower">Turns query features into embeddings.</param>
    /// <param name="itemTower">Turns item features into embeddings of the same width.</param>
    /// <param name="retrieval">The retrieval task and the catalogue to evaluate on.</param>
    /// <param name="heads">The ranking tasks, each made for this model.</param>
    /// <exception cref="ArgumentException">There is no head, two have one name, or one belongs to another model.</exception>
    public MultiTaskModel(Tower queryTower, Tower itemTower, Retrieval retrieval, params IReadOnlyList<RankingHead> heads)
    {
        ArgumentNullException.ThrowIfNull(queryTower);
        ArgumentNullException.ThrowIfNull(itemTower);
        ArgumentNullException.ThrowIfNull(retrieval);
        ArgumentNullException.ThrowIfNull(heads);
        if (heads.Count == 0 || heads.GroupBy(head => head.Name, StringComparer.Ordinal).Any(group => group.Count() > 1))
        {
            throw new ArgumentException(
                $"A model of several tasks needs at least one head, and a name of its own for each; given are: {string.Join("; ", heads)}. Retrieval alone is a {nameof(TwoTowerModel)}.", nameof(heads));
        }

        foreach (var head in heads)
        {
            head.Take();
        }

        // Both embeddings and a head, from raw rows: what predicts and what is exported. The parts take their names below, as parts of the model.
        _headTowers = [.. heads.Select(head => new Tower(new Concatenate([queryTower.Layers], [itemTower.Layers]), head.Layers))];
        QueryTower = Use(queryTower, QueryName);
        ItemTower = Use(itemTower, ItemName);
        RetrievalTask = retrieval;
        Heads = [.. heads];
        for (var i = 0; i < Heads.Count; i++)
        {
            Use(Heads[i].Layers, Heads[i].Name);
        }

        _evaluator = new RetrievalEvaluator(QueryTower, ItemTower, RetrievalTask);
    }

    /// <summary>The query tower.</summary>
    public Tower QueryTower { get; }

    /// <summary>The item tower.</summary>
    public Tower ItemTower { get; }

    /// <summary>The retrieval task and how it is evaluated.</summary>
    public Retrieval RetrievalTask { get; }

    /// <summary>The ranking tasks.</summary>
    public IReadOnlyList<RankingHead> Heads { get; }

    /// <summary>What the mean retrieval loss of an example counts beside those of the heads, 0 or more; 1 by default.</summary>
    public double RetrievalWeight
    {
        get;
        init => field = CheckedWeight(value, nameof(RetrievalWeight));
    } = 1;

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

    /// <summary>
    /// Float column with the weight of every row in retrieval, its loss and its metrics: 0 for rows whose item is no choice of their query. The items of such
    /// rows still are negatives of the others. Null for equal weights.
    /// </summary>
    public string? RetrievalWeightColumn
    {
        get => _evaluator.WeightColumn;
        init => _evaluator.WeightColumn = value;
    }

    /// <summary>Embeddings of queries, shape [rows, D], row-major.</summary>
    public float[] EmbedQueries(FeatureBatch queries) => QueryTower.Embed(queries);

    /// <summary>Embeddings of items, shape [rows, D], row-major: what an index is built from.</summary>
    public float[] EmbedItems(FeatureBatch items) => ItemTower.Embed(items);

    /// <summary>What a head predicts for each row of queries with items: a probability with the cross-entropies, a number on the scale of the labels with the squared error.</summary>
    /// <param name="head">Its name.</param>
    /// <param name="data">Rows with the columns of both towers.</param>
    /// <exception cref="ArgumentException">There is no such head.</exception>
    public float[] Predict(string head, FeatureBatch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var place = PlaceOf(head);
        return Heads[place].Scores.Predict(_headTowers[place].Embed(data));
    }

    /// <summary>
    /// A head with both towers as an ONNX model: raw features of query and item in, the output "score" of shape [batch, 1] as <see cref="Predict(string, FeatureBatch)"/>
    /// gives it. What a bundle takes as its ranker.
    /// </summary>
    /// <param name="head">Its name.</param>
    /// <exception cref="ArgumentException">There is no such head.</exception>
    /// <exception cref="NotSupportedException">A layer has no ONNX form; the message names it.</exception>
    public OnnxModel ExportHead(string head)
    {
        var place = PlaceOf(head);
        return _headTowers[place].ExportScore(Heads[place].Scores.AreLogits, Heads[place].LabelScale);
    }

    /// <summary>Loss of all tasks, retrieval metrics beside popularity, and the metrics of each head, also of those with weight 0.</summary>
    /// <remarks>Seen items and popularity are those of the last fit; after a load call <see cref="RecommenderModel.RememberTrainingData"/>.</remarks>
    /// <inheritdoc/>
    public override MultiTaskEvaluation Evaluate(FeatureBatch data, int batchSize = DefaultEvaluationBatchSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var encoded = Encode(data);
        var loss = AverageLoss(encoded, batchSize, cancellationToken);
        var warnings = WarningsAbout(encoded).ToList();
        var heads = new Dictionary<string, RankingEvaluation>(StringComparer.Ordinal);
        for (var i = 0; i < Heads.Count; i++)
        {
            var scores = _headTowers[i].Embed(encoded, batchSize, cancellationToken);
            heads.Add(Heads[i].Name, Heads[i].Scores.Evaluate(encoded, scores, queryColumn: null, groupColumn: null, QueryMetrics.DefaultCutoffs, relevantFrom: 1, warnings));
        }

        return new MultiTaskEvaluation(_evaluator.Evaluate(encoded, loss.Mean, warnings, cancellationToken), heads) { Losses = loss.Parts };
    }

    internal override IEnumerable<string> WarningsAbout(EncodedData data) => [.. base.WarningsAbout(data), .. _evaluator.WarningsAbout(data.Features)];

    internal override string DescribeSettings() => string.Create(
        CultureInfo.InvariantCulture,
        $"{base.DescribeSettings()}; {_evaluator.DescribeSettings()}, weight {RetrievalWeight:R}; {string.Join("; ", Heads.Select(head => string.Create(CultureInfo.InvariantCulture, $"{head.Name}: {head.Scores.DescribeSettings()}, weight {head.Weight:R}")))}");

    internal static double CheckedWeight(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or positive.");

    private protected override void OnTrainingData(FeatureBatch data) => _evaluator.Remember(data);

    private protected override JsonObject SaveSettings() => new()
    {
        [ScalesName] = new JsonArray([.. Heads.Select(head => (JsonNode)new JsonArray(head.LabelScale.Mean, head.LabelScale.Deviation))]),
    };

    private protected override Action ReadSettings(JsonObject settings)
    {
        if (settings[ScalesName] is not JsonArray scales || scales.Count != Heads.Count)
        {
            throw new InvalidDataException($"the scales of the labels are '{settings.ToJsonString()}'; a list of {Heads.Count} was expected as {ScalesName}");
        }

        var read = new LabelScale[Heads.Count];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = scales[i] is JsonArray { Count: 2 } pair && pair[0] is JsonValue mean && pair[1] is JsonValue deviation
                && mean.TryGetValue(out double middle) && deviation.TryGetValue(out double spread) && new LabelScale(middle, spread) is var scale && Heads[i].Scores.CanScale(scale)
                    ? scale
                    : throw new InvalidDataException($"'{scales[i]?.ToJsonString()}' cannot scale the labels of the head '{Heads[i].Name}'");
        }

        return () =>
        {
            for (var i = 0; i < read.Length; i++)
            {
                Heads[i].Scores.Scale = read[i];
            }
        };
    }

    /// <inheritdoc/>
    protected override Loss ComputeLoss(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (RetrievalWeight == 0 && Heads.All(head => head.Weight == 0))
        {
            throw new InvalidOperationException($"Every task has weight 0, so there is nothing to learn. Set {nameof(RetrievalWeight)} or a head's {nameof(RankingHead.Weight)}.");
        }

        // Outside training tasks of weight 0 are computed too: they are reported, and their layers get their weights.
        var queries = QueryTower.Forward(batch);
        var pairs = batch.Context.IsTraining && Heads.All(head => head.Weight == 0) ? null : Tensor.Concatenate([queries, ItemTower.Forward(batch)]);
        Loss? total = null;
        Add(RetrievalName, RetrievalWeight, () => RetrievalTask.ComputeLoss(batch, queries, ItemTower, ItemIdColumn, RetrievalWeightColumn));
        foreach (var head in Heads)
        {
            Add(head.Name, head.Weight, () => head.Scores.ComputeLoss(head.Layers.Call(pairs!, batch.Context), batch));
        }

        return total!;

        void Add(string name, double weight, Func<Loss> compute)
        {
            if (weight > 0 || !batch.Context.IsTraining)
            {
                var loss = compute().Named(name);
                loss = weight == 1 ? loss : loss * weight;
                total = total is null ? loss : total + loss;
            }
        }
    }

    private int PlaceOf(string head)
    {
        ArgumentNullException.ThrowIfNull(head);
        for (var i = 0; i < Heads.Count; i++)
        {
            if (Heads[i].Name == head)
            {
                return i;
            }
        }

        throw new ArgumentException($"There is no head '{head}'. There are: {string.Join(", ", Heads.Select(one => one.Name))}.", nameof(head));
    }
}

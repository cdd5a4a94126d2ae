using DotRec.Autodiff;
using DotRec.Features;
using DotRec.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DotRec.Modeling;

/// <summary>The ready ranking model: a network over fields, trained to predict a label column: a rating, or whether something was wanted.</summary>
/// <example>
/// <code>
/// var model = new RankingModel(new DeepCrossNetwork(Fields.Of(train, ["user_id", "movie_id"])), "user_rating", new Ranking(PointwiseLoss.SquaredError));
/// model.Fit(train);
/// float[] ratings = model.Predict(test);
/// </code>
/// </example>
public sealed class RankingModel : RecommenderModel
{
    private readonly Tower _tower;

    /// <summary>Makes the model.</summary>
    /// <param name="network">Turns rows into scores.</param>
    /// <param name="labelColumn">Column with the label of each row: float32 or int64, one value a row, in 0 … 1 for the cross-entropies; or texts: true and false, yes and no.</param>
    /// <param name="task">The loss; cross-entropy of logits when null.</param>
    public RankingModel(RankingNetwork network, string labelColumn, Ranking? task = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(labelColumn);
        Network = network;
        LabelColumn = labelColumn;
        Task = task ?? new Ranking(PointwiseLoss.BinaryCrossEntropyOfLogits);
        _tower = Use(new Tower(network), "ranker");
    }

    /// <summary>The network.</summary>
    public RankingNetwork Network { get; }

    /// <summary>Column with the label of each row.</summary>
    public string LabelColumn { get; }

    /// <summary>The loss.</summary>
    public Ranking Task { get; }

    /// <summary>Float column with a weight for every row, in the loss and in every metric; null for equal weights.</summary>
    public string? SampleWeightColumn { get; init; }

    /// <summary>The raw columns the network reads.</summary>
    public IReadOnlyList<ColumnSchema> Inputs => _tower.Inputs;

    private bool PredictsProbabilities => Task.Loss != PointwiseLoss.SquaredError;

    private bool ScoresAreLogits => Task.Loss == PointwiseLoss.BinaryCrossEntropyOfLogits;

    /// <summary>One prediction a row: a probability with the cross-entropies, else a number on the scale of the labels.</summary>
    public float[] Predict(FeatureBatch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Predict(new EncodedData(data));
    }

    /// <summary>Loss and metrics on held-out rows: of probabilities with the cross-entropies, else of ratings.</summary>
    /// <inheritdoc/>
    public override RankingEvaluation Evaluate(FeatureBatch data, int batchSize = DefaultEvaluationBatchSize, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var encoded = new EncodedData(data);
        var loss = MeanLoss(encoded, batchSize, cancellation);
        var (predictions, labels) = (Predict(encoded), LabelsOf(data));
        var weights = SampleWeightColumn is { } column ? data.Get<float>(column).Values : default;
        return PredictsProbabilities
            ? new RankingEvaluation(loss, data.RowCount) { Binary = BinaryMetrics.Of(predictions, Labels.Binary(labels, LabelColumn), weights), Warnings = [.. WarningsAbout(encoded)] }
            : new RankingEvaluation(loss, data.RowCount) { Rating = RatingMetrics.Of(predictions, labels, weights), Warnings = [.. WarningsAbout(encoded)] };
    }

    /// <summary>
    /// The network as an ONNX model: raw features in, the output "score" of shape [batch, 1], the numbers of <see cref="Predict(FeatureBatch)"/>.
    /// </summary>
    /// <exception cref="NotSupportedException">A layer has no ONNX form; the message names it.</exception>
    public OnnxModel Export() => _tower.ExportScore(ScoresAreLogits);

    internal override string DescribeSettings() => $"{base.DescribeSettings()}; label {LabelColumn}, {Task.Loss}, {Task.Reduction}, weights {SampleWeightColumn}";

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
        var labels = batch.Data.Derived((nameof(RankingModel), LabelColumn), LabelsOf);
        var weights = SampleWeightColumn is { } column ? batch.Get<float>(column) : default;
        return Task.ComputeLoss(_tower.Forward(batch), Array.ConvertAll(batch.Rows.ToArray(), row => labels[row]), weights);
    }

    private float[] Predict(EncodedData data)
    {
        var scores = _tower.Embed(data);
        if (ScoresAreLogits && scores.Length > 0)
        {
            TensorPrimitives.Sigmoid(scores, scores);
        }

        return scores;
    }

    private float[] LabelsOf(FeatureBatch data) => Labels.Of(data, LabelColumn, Task.Loss);
}

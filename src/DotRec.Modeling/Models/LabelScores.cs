using System.Globalization;
using DotRec.Autodiff;
using DotRec.Data;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DotRec.Modeling;

/// <summary>What the scores of a network mean beside a column of labels: their loss, the predictions they stand for, how good these are.</summary>
/// <param name="task">The loss.</param>
/// <param name="labelColumn">Column with the label of each row.</param>
internal sealed class LabelScores(Ranking task, string labelColumn)
{
    /// <summary>What a score is multiplied by and added to; settable, since a loaded model brings its own.</summary>
    public LabelScale Scale { get; set; } = LabelScale.None;

    /// <summary>Float column with a weight for every row; null for equal weights.</summary>
    public string? WeightColumn { get; set; }

    public bool AreLogits => task.PointwiseLoss?.Predicts == PredictionKind.Logit;

    private bool ArePredictedAsProbabilities => task.PointwiseLoss?.Predicts is PredictionKind.Probability or PredictionKind.Logit;

    /// <summary>Whether labels can be scaled so under this loss.</summary>
    public bool CanScale(LabelScale scale) => scale == LabelScale.None
        || (double.IsFinite(scale.Mean) && double.IsFinite(scale.Deviation)
            && ((task.PointwiseLoss == PointwiseLoss.SquaredError && scale.Deviation > 0) || (AreLogits && scale.Deviation is 1)));

    /// <summary>Takes a scale that a user sets.</summary>
    /// <exception cref="ArgumentException">The loss cannot have it.</exception>
    public void SetScale(LabelScale value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Scale = CanScale(value)
            ? value
            : throw new ArgumentException($"{value} cannot scale the labels of {task.LossName}: it takes finite numbers, a deviation above 0, and the squared error, or a deviation of 1 and the cross-entropy of logits.", nameof(value));
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="score">What the network gives for its rows.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="groupColumn">The lists of a loss of lists, or null.</param>
    public Loss ComputeLoss(Tensor score, Batch batch, string? groupColumn = null)
    {
        var labels = batch.Data.Derived((nameof(LabelScores), labelColumn, Scale), data => Learned(LabelsOf(data)));
        score = AreLogits && Scale != LabelScale.None ? score + (float)Scale.Mean : score;
        return task.ComputeLoss(score, Array.ConvertAll(batch.Rows.ToArray(), row => labels[row]), batch.WeightsOf(WeightColumn), groupColumn is null ? null : batch.Groups(groupColumn));
    }

    /// <summary>Predictions of scores, in place.</summary>
    public float[] Predict(float[] scores) => Predictions(Started(scores));

    /// <summary>Loss and metrics of the scores of all rows of a data set.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="scores">What the network gives for them; overwritten.</param>
    /// <param name="queryColumn">Column that says which rows are one query; null for none.</param>
    /// <param name="groupColumn">The lists of a loss of lists, or null.</param>
    /// <param name="cutoffs">The k of the metrics by query.</param>
    /// <param name="relevantFrom">Smallest label that counts as relevant there.</param>
    /// <param name="warnings">What looks wrong with the data.</param>
    public RankingEvaluation Evaluate(
        EncodedData data, float[] scores, string? queryColumn, string? groupColumn, IReadOnlyList<int> cutoffs, float relevantFrom, IReadOnlyList<string> warnings)
    {
        var rows = data.Features;
        var labels = LabelsOf(rows);
        var weights = WeightColumn is { } column ? rows.Get<float>(column).Values : default;
        scores = Started(scores);
        var loss = MeanLoss(data, scores, Learned(labels), weights, groupColumn);
        var predictions = Predictions(scores);
        return new RankingEvaluation(loss, rows.RowCount)
        {
            MeasuredBinary = ArePredictedAsProbabilities ? BinaryMetrics.Of(predictions, Labels.Binary(labels, labelColumn), weights) : null,
            MeasuredRating = task.PointwiseLoss?.Predicts == PredictionKind.Number ? RatingMetrics.Of(predictions, labels, weights) : null,
            MeasuredQueries = queryColumn is { } query ? QueryMetrics.Of(predictions, labels, data.Groups(query), weights, cutoffs, relevantFrom) : null,
            Warnings = warnings,
        };
    }

    /// <summary>What of this a checkpoint belongs to.</summary>
    public string DescribeSettings() =>
        $"label {labelColumn}, {task.LossName}, {task.Reduction}, weights {WeightColumn}{(Scale == LabelScale.None ? "" : string.Create(CultureInfo.InvariantCulture, $", {Scale}"))}";

    private double MeanLoss(EncodedData data, float[] scores, float[] labels, ReadOnlySpan<float> weights, string? groupColumn)
    {
        using var scope = TensorScope.Begin();
        using var gradients = Gradients.Off();
        var lists = groupColumn is { } queries ? data.Groups(queries) : null;
        return task.ComputeLoss(Tensor.From(scores, scores.Length, 1), labels, weights.ToArray(), lists).PerExample;
    }

    // Labels of the squared error are scaled for the network; logits are moved for the loss.
    private float[] Learned(float[] labels) => AreLogits ? labels : Scale.Scaled(labels);

    private float[] Started(float[] scores)
    {
        if (AreLogits)
        {
            Scale.Restore(scores);
        }

        return scores;
    }

    private float[] Predictions(float[] scores)
    {
        if (AreLogits && scores.Length > 0)
        {
            TensorPrimitives.Sigmoid(scores, scores);
        }
        else if (!AreLogits)
        {
            Scale.Restore(scores);
        }

        return scores;
    }

    private float[] LabelsOf(FeatureBatch data) => Labels.Of(data, labelColumn, task);
}

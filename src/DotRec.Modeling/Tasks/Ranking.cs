using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>The ranking task of TensorFlow Recommenders, pointwise: predict each example's label.</summary>
/// <remarks>
/// A sample weight multiplies the loss of its example; with <see cref="LossReduction.Mean"/> the weighted sum is divided by the number of
/// examples, not by the sum of the weights, as in Keras and in <see cref="Retrieval"/>. Predictions are never squeezed: a batch of one
/// example is like any other.
/// </remarks>
/// <example><code>protected override Tensor ComputeLoss(Batch batch) => _task.ComputeLoss(_tower.Forward(batch), batch.Get&lt;float>("rating"));</code></example>
public sealed class Ranking
{
    private const double Clip = 1e-7;

    /// <summary>Makes the task.</summary>
    /// <param name="loss">What is minimised; cross-entropy of probabilities by default, as in TFRS.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such loss.</exception>
    public Ranking(PointwiseLoss loss = PointwiseLoss.BinaryCrossEntropy) => Loss = Enum.IsDefined(loss)
        ? loss
        : throw new ArgumentOutOfRangeException(nameof(loss), loss, "There is no such loss.");

    /// <summary>What is minimised.</summary>
    public PointwiseLoss Loss { get; }

    /// <summary>Mean (the default, as in TFRS) or sum over the batch.</summary>
    public LossReduction Reduction { get; init; } = LossReduction.Mean;

    /// <summary>The loss of a batch.</summary>
    /// <param name="predictions">Shape [B] or [B, 1].</param>
    /// <param name="labels">One label an example.</param>
    /// <param name="sampleWeight">One weight an example, or none.</param>
    /// <returns>A scalar to differentiate.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit together; a label is not finite, or not in 0 … 1 with cross-entropy; a weight is negative.</exception>
    public Tensor ComputeLoss(Tensor predictions, ReadOnlyMemory<float> labels, ReadOnlyMemory<float> sampleWeight = default)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        Check(predictions, labels.Span);
        SampleWeights.Check(sampleWeight.Span, labels.Length, "examples");
        var values = predictions.Values;
        var weights = sampleWeight.Span;
        var gradient = Tensor.Zeros(predictions.Shape);
        var slopes = gradient.WritableValues();
        var scale = Reduction == LossReduction.Sum ? 1 : 1.0 / Math.Max(1, values.Length);
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var weight = scale * (weights.IsEmpty ? 1 : weights[i]);
            var (loss, slope) = Of(values[i], labels.Span[i]);
            sum += weight * loss;
            slopes[i] = (float)(weight * slope);
        }

        return Tensor.Precomputed((float)sum, (predictions, gradient));
    }

    private (double Loss, double Slope) Of(double prediction, double label)
    {
        switch (Loss)
        {
            case PointwiseLoss.SquaredError:
                return ((prediction - label) * (prediction - label), 2 * (prediction - label));
            case PointwiseLoss.BinaryCrossEntropyOfLogits:
                var small = Math.Exp(-Math.Abs(prediction));
                var probability = prediction >= 0 ? 1 / (1 + small) : small / (1 + small);
                return (Math.Max(prediction, 0) - (prediction * label) + Math.Log(1 + small), probability - label);
            default:
                var p = Math.Clamp(prediction, Clip, 1 - Clip);
                var loss = -(label * Math.Log(p)) - ((1 - label) * Math.Log(1 - p));
                return (loss, p == prediction || double.IsNaN(p) ? (p - label) / (p * (1 - p)) : 0);
        }
    }

    private void Check(Tensor predictions, ReadOnlySpan<float> labels)
    {
        if (predictions.Rank is not (1 or 2) || (predictions.Rank == 2 && predictions.Shape[1] != 1) || predictions.Length != labels.Length)
        {
            throw new ArgumentException(
                $"Predictions have shape [B] or [B, 1] and there is one label an example; given are {predictions} and {labels.Length} labels. End the model in one unit.");
        }

        for (var i = 0; i < labels.Length; i++)
        {
            if (!float.IsFinite(labels[i]) || (Loss != PointwiseLoss.SquaredError && labels[i] is < 0 or > 1))
            {
                throw new ArgumentException(
                    $"The label of row {i} is {labels[i]}; {(Loss == PointwiseLoss.SquaredError ? "labels are finite" : "cross-entropy takes labels in 0 … 1, 1 for what was wanted")}.",
                    nameof(labels));
            }
        }
    }
}

using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// The ranking task of TensorFlow Recommenders: predict each example's label (pointwise), or order the examples of each list by their labels
/// (pairwise and listwise, as in TF-Ranking).
/// </summary>
/// <remarks>
/// A sample weight multiplies the loss of its example; with <see cref="LossReduction.Mean"/> the weighted sum is divided by the number of
/// examples (of lists, when the loss is of lists), not by the sum of the weights, as in Keras and in <see cref="Retrieval"/>. Lists in which nothing
/// is to be ordered count too. Predictions are never squeezed: a batch of one example is like any other.
/// </remarks>
/// <example>
/// <code>
/// protected override Tensor ComputeLoss(Batch batch) => _task.ComputeLoss(_tower.Forward(batch), batch.Get&lt;float>("rating"));
///
/// // With new Ranking(new ListMle()), and GroupColumn => "user_id" so that no batch cuts a list:
/// protected override Tensor ComputeLoss(Batch batch) =>
///     _task.ComputeLoss(_tower.Forward(batch), batch.Get&lt;float>("rating"), lists: batch.Groups("user_id"));
/// </code>
/// </example>
public sealed class Ranking
{
    private const double Clip = 1e-7;

    /// <summary>Makes the task with a loss of examples.</summary>
    /// <param name="loss">What is minimised; cross-entropy of probabilities by default, as in TFRS.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such loss.</exception>
    public Ranking(PointwiseLoss loss = PointwiseLoss.BinaryCrossEntropy) => Loss = Enum.IsDefined(loss)
        ? loss
        : throw new ArgumentOutOfRangeException(nameof(loss), loss, "There is no such loss.");

    /// <summary>Makes the task with a loss of lists.</summary>
    /// <param name="loss">What is minimised.</param>
    public Ranking(ListLoss loss) => ListLoss = loss ?? throw new ArgumentNullException(nameof(loss));

    /// <summary>What is minimised for each example; null when it is a loss of lists.</summary>
    public PointwiseLoss? Loss { get; }

    /// <summary>What is minimised for each list; null when it is a loss of examples.</summary>
    public ListLoss? ListLoss { get; }

    /// <summary>Mean (the default, as in TFRS) or sum over the batch.</summary>
    public LossReduction Reduction { get; init; } = LossReduction.Mean;

    /// <summary>Name of the loss in messages and checkpoints.</summary>
    internal string LossName => ListLoss?.GetType().Name ?? Loss.ToString()!;

    /// <summary>The loss of a batch.</summary>
    /// <param name="predictions">Shape [B] or [B, 1]; or [lists, L], each row a list, row-major like the labels and weights.</param>
    /// <param name="labels">One label an example; 0 or more when the loss is of lists.</param>
    /// <param name="sampleWeight">One weight an example, or none.</param>
    /// <param name="lists">Which examples are a list, whole ones; needed by losses of lists unless the predictions have shape [lists, L].</param>
    /// <returns>A scalar to differentiate. It is NaN when a prediction is; a fit then stops before weights change.</returns>
    /// <exception cref="ArgumentException">
    /// Shapes do not fit together; a label is not finite, not in 0 … 1 with cross-entropy, or below 0 in a list; a weight is negative; it is not told
    /// which examples are a list.
    /// </exception>
    public Tensor ComputeLoss(
        Tensor predictions, ReadOnlyMemory<float> labels, ReadOnlyMemory<float> sampleWeight = default, RowGroups? lists = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        CheckShape(predictions, labels.Length);
        CheckLabels(labels.Span);
        SampleWeights.Check(sampleWeight.Span, labels.Length, "examples");
        var gradient = Tensor.Zeros(predictions.Shape);
        var loss = ListLoss is null
            ? OfExamples(predictions, labels.Span, sampleWeight.Span, gradient)
            : OfLists(ListLoss, predictions, labels, sampleWeight, Lists(predictions, lists), gradient);
        return Tensor.Precomputed((float)loss, (predictions, gradient));
    }

    private double Scale(int count) => Reduction == LossReduction.Sum ? 1 : 1.0 / Math.Max(1, count);

    private double OfExamples(Tensor predictions, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Tensor gradient)
    {
        var values = predictions.Values;
        var slopes = gradient.WritableValues();
        var scale = Scale(values.Length);
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var weight = scale * (weights.IsEmpty ? 1 : weights[i]);
            var (loss, slope) = Of(values[i], labels[i]);
            sum += weight * loss;
            slopes[i] = (float)(weight * slope);
        }

        return sum;
    }

    private double OfLists(ListLoss loss, Tensor predictions, ReadOnlyMemory<float> labels, ReadOnlyMemory<float> weights, RowGroups lists, Tensor gradient)
    {
        var losses = new double[lists.Count];
        var scale = Scale(lists.Count);
        Parallelism.ForRanges(lists.Count, 64, (start, end) =>
        {
            for (var list = start; list < end; list++)
            {
                losses[list] = OfList(loss, predictions, labels.Span, weights.Span, lists[list], scale, gradient.WritableValues());
            }
        });

        double sum = 0;
        foreach (var part in losses)
        {
            sum += part;
        }

        return sum * scale;
    }

    private static double OfList(
        ListLoss loss, Tensor predictions, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, ReadOnlySpan<int> rows, double scale, Span<float> gradient)
    {
        var (scores, slopes, grades, shares) = (new double[rows.Length], new double[rows.Length], new float[rows.Length], new float[rows.Length]);
        for (var i = 0; i < rows.Length; i++)
        {
            scores[i] = predictions.Values[rows[i]];
            grades[i] = labels[rows[i]];
            shares[i] = weights.IsEmpty ? 1 : weights[rows[i]];
        }

        var value = loss.Compute(scores, grades, shares, slopes);
        for (var i = 0; i < rows.Length; i++)
        {
            gradient[rows[i]] = (float)(scale * slopes[i]);
        }

        return value;
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

    private RowGroups Lists(Tensor predictions, RowGroups? lists)
    {
        lists ??= predictions.Rank == 2 && predictions.Shape[1] != 1
            ? RowGroups.OfLength(predictions.Shape[1], predictions.Shape[0])
            : throw new ArgumentException(
                $"{LossName} compares the examples of a list, but it is not told which examples are one. Pass lists, such as batch.Groups(\"user_id\"), or predictions of shape [lists, L].",
                nameof(lists));
        return lists.RowCount == predictions.Length
            ? lists
            : throw new ArgumentException($"The lists are of {lists.RowCount} examples, but there are {predictions.Length} predictions.", nameof(lists));
    }

    private static void CheckShape(Tensor predictions, int labelCount)
    {
        if (predictions.Rank is not (1 or 2) || predictions.Length != labelCount)
        {
            throw new ArgumentException(
                $"Predictions have shape [B] or [B, 1] (or [lists, L]) and there is one label an example; given are {predictions} and {labelCount} labels. End the model in one unit.");
        }
    }

    private void CheckLabels(ReadOnlySpan<float> labels)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            var isRefused = ListLoss is not null ? labels[i] < 0 : Loss != PointwiseLoss.SquaredError && labels[i] is < 0 or > 1;
            if (!float.IsFinite(labels[i]) || isRefused)
            {
                throw new ArgumentException($"The label of row {i} is {labels[i]}; {AllowedLabels}.", nameof(labels));
            }
        }
    }

    /// <summary>Which labels the loss takes, in words.</summary>
    internal string AllowedLabels => ListLoss is not null ? $"{LossName} takes finite labels of 0 or more, higher for more relevant; leave out rows that only pad a list"
        : Loss == PointwiseLoss.SquaredError ? "labels are finite"
        : "cross-entropy takes labels in 0 … 1, 1 for what was wanted";
}

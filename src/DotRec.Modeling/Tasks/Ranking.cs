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
/// sealed class RatingModel : RecommenderModel
/// {
///     private readonly Ranking _task = new(PointwiseLoss.SquaredError);
///     private readonly Tower _tower;
///
///     public RatingModel(FeatureBatch ratings) => _tower = Use(
///         new Tower(new Concatenate([new StringLookup("user_id", ratings), new Embedding(32)], [new StringLookup("movie_title", ratings), new Embedding(32)]), new Mlp([64, 1])),
///         "ratings");
///
///     protected override Loss ComputeLoss(Batch batch) => _task.ComputeLoss(_tower.Forward(batch), batch.Get&lt;float>("rating"));
/// }
///
/// sealed class OrderModel : RecommenderModel
/// {
///     private readonly Ranking _task = new(new ListMle());
///     private readonly Tower _tower;
///
///     public OrderModel(FeatureBatch ratings) => _tower = Use(new Tower(new StringLookup("movie_title", ratings), new Embedding(32), new Dense(1)), "scores");
///
///     // No batch cuts a user's list.
///     protected override string? GroupColumn => "user_id";
///
///     protected override Loss ComputeLoss(Batch batch) =>
///         _task.ComputeLoss(_tower.Forward(batch), batch.Get&lt;float>("rating"), lists: batch.Groups("user_id"));
/// }
/// </code>
/// </example>
public sealed class Ranking
{
    /// <summary>Makes the task with a loss of examples.</summary>
    /// <param name="loss">What is minimised; cross-entropy of probabilities when null, as in TFRS.</param>
    public Ranking(PointwiseLoss? loss = null) => PointwiseLoss = loss ?? PointwiseLoss.BinaryCrossEntropy;

    /// <summary>Makes the task with a loss of lists.</summary>
    /// <param name="loss">What is minimised.</param>
    public Ranking(ListLoss loss) => ListLoss = loss ?? throw new ArgumentNullException(nameof(loss));

    /// <summary>What is minimised for each example; null when it is a loss of lists.</summary>
    public PointwiseLoss? PointwiseLoss { get; }

    /// <summary>What is minimised for each list; null when it is a loss of examples.</summary>
    public ListLoss? ListLoss { get; }

    /// <summary>Mean (the default, as in TFRS) or sum over the batch.</summary>
    public LossReduction Reduction { get; init; } = LossReduction.Mean;

    /// <summary>Name of the loss in messages and checkpoints.</summary>
    internal string LossName => ListLoss?.GetType().Name ?? PointwiseLoss!.Name;

    /// <summary>The loss of a batch.</summary>
    /// <param name="predictions">Shape [B] or [B, 1]; or [lists, L], each row a list, row-major like the labels and weights.</param>
    /// <param name="labels">One label an example; 0 or more when the loss is of lists.</param>
    /// <param name="sampleWeight">One weight an example, or none.</param>
    /// <param name="lists">Which examples are a list, whole ones; needed by losses of lists unless the predictions have shape [lists, L].</param>
    /// <returns>
    /// The loss of as many examples (lists, when the loss is of lists) as there are, a sum or a mean as <see cref="Reduction"/> says. It is NaN when a prediction is; a fit then stops before weights change.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// Shapes do not fit together; a label is not finite, not in 0 … 1 with cross-entropy, or below 0 in a list; a weight is negative; it is not told
    /// which examples are a list.
    /// </exception>
    public Loss ComputeLoss(
        Tensor predictions, ReadOnlyMemory<float> labels, ReadOnlyMemory<float> sampleWeight = default, RowGroups? lists = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        CheckShape(predictions, labels.Length);
        CheckLabels(labels.Span);
        SampleWeights.Check(sampleWeight.Span, labels.Length, "examples");
        var gradient = Tensor.Zeros(predictions.Shape);
        if (ListLoss is null)
        {
            return Reduced(OfExamples(PointwiseLoss!, predictions, labels.Span, sampleWeight.Span, gradient), labels.Length);
        }

        lists = Lists(predictions, lists);
        return Reduced(OfLists(ListLoss, predictions, labels, sampleWeight, lists, gradient), lists.Count);

        Loss Reduced(double loss, int count)
        {
            var value = Tensor.Precomputed((float)loss, (predictions, gradient));
            return Reduction == LossReduction.Sum ? Loss.Sum(value, count) : Loss.Mean(value, count);
        }
    }

    private double Scale(int count) => Reduction == LossReduction.Sum ? 1 : 1.0 / Math.Max(1, count);

    private double OfExamples(PointwiseLoss pointwise, Tensor predictions, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Tensor gradient)
    {
        var values = predictions.Values;
        var slopes = gradient.WritableValues();
        var scale = Scale(values.Length);
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var weight = scale * (weights.IsEmpty ? 1 : weights[i]);
            var (loss, slope) = pointwise.Compute(values[i], labels[i]);
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
            if (!float.IsFinite(labels[i]) || RefusalOf(labels[i]) is not null)
            {
                throw new ArgumentException($"The label of row {i} is {labels[i]}; {RefusalOf(labels[i]) ?? "labels are finite"}.", nameof(labels));
            }
        }
    }

    /// <summary>Why a label cannot be learned, in words; null when it can.</summary>
    internal string? RefusalOf(float label) => ListLoss is null ? PointwiseLoss!.RefusalOf(label)
        : label >= 0 ? null
        : $"{LossName} takes finite labels of 0 or more, higher for more relevant; leave out rows that only pad a list";
}

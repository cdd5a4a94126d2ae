namespace DotRec.Modeling;

/// <summary>
/// What a <see cref="Ranking"/> task minimises for one example with prediction p and label y: one of those named here, or a subclass of your own.
/// </summary>
/// <example>
/// <code>
/// // Squares for small errors, straight lines for large ones.
/// sealed class Huber(double width) : PointwiseLoss
/// {
///     protected override (double Loss, double Slope) Compute(double prediction, double label)
///     {
///         var error = prediction - label;
///         return Math.Abs(error) &lt;= width
///             ? (error * error / 2, error)
///             : (width * (Math.Abs(error) - (width / 2)), width * Math.Sign(error));
///     }
/// }
/// </code>
/// </example>
public abstract class PointwiseLoss
{
    /// <summary>
    /// −y · ln p − (1 − y) · ln(1 − p) for probabilities p, clipped to 1e-7 … 1 − 1e-7 as in Keras: TFRS' default. A prediction that is clipped
    /// has no gradient, so prefer <see cref="BinaryCrossEntropyOfLogits"/> in models of your own. y in 0 … 1.
    /// </summary>
    public static PointwiseLoss BinaryCrossEntropy { get; } = new ProbabilityCrossEntropy();

    /// <summary>The same for logits, p = 1 / (1 + e⁻ˣ): exact and with a gradient everywhere. y in 0 … 1.</summary>
    public static PointwiseLoss BinaryCrossEntropyOfLogits { get; } = new LogitCrossEntropy();

    /// <summary>(p − y)².</summary>
    public static PointwiseLoss SquaredError { get; } = new Squares();

    /// <summary>Name in messages and checkpoints; the type's by default. Two losses of different settings need different names.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>What predictions are, which decides the metrics of a <see cref="RankingModel"/>. Numbers on the scale of the labels by default.</summary>
    public virtual PredictionKind Predicts => PredictionKind.Number;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The loss of one example, and its derivative by the prediction. A prediction that is NaN gives NaN.</summary>
    /// <param name="prediction">What the model says.</param>
    /// <param name="label">What is true: finite, and not refused by <see cref="RefusalOf"/>.</param>
    protected internal abstract (double Loss, double Slope) Compute(double prediction, double label);

    /// <summary>Why a label cannot be learned, such as "counts are 0 or more"; null when it can. Probabilities and logits take labels in 0 … 1 by default, numbers all that are finite.</summary>
    protected internal virtual string? RefusalOf(float label) => Predicts == PredictionKind.Number || label is >= 0 and <= 1
        ? null
        : "cross-entropy takes labels in 0 … 1, 1 for what was wanted";

    private sealed class ProbabilityCrossEntropy : PointwiseLoss
    {
        private const double Clip = 1e-7;

        public override string Name => nameof(BinaryCrossEntropy);

        public override PredictionKind Predicts => PredictionKind.Probability;

        protected internal override (double Loss, double Slope) Compute(double prediction, double label)
        {
            var p = Math.Clamp(prediction, Clip, 1 - Clip);
            var loss = -(label * Math.Log(p)) - ((1 - label) * Math.Log(1 - p));
            return (loss, p == prediction || double.IsNaN(p) ? (p - label) / (p * (1 - p)) : 0);
        }
    }

    private sealed class LogitCrossEntropy : PointwiseLoss
    {
        public override string Name => nameof(BinaryCrossEntropyOfLogits);

        public override PredictionKind Predicts => PredictionKind.Logit;

        protected internal override (double Loss, double Slope) Compute(double prediction, double label)
        {
            var small = Math.Exp(-Math.Abs(prediction));
            var probability = prediction >= 0 ? 1 / (1 + small) : small / (1 + small);
            return (Math.Max(prediction, 0) - (prediction * label) + Math.Log(1 + small), probability - label);
        }
    }

    private sealed class Squares : PointwiseLoss
    {
        public override string Name => nameof(SquaredError);

        protected internal override (double Loss, double Slope) Compute(double prediction, double label) =>
            ((prediction - label) * (prediction - label), 2 * (prediction - label));
    }
}

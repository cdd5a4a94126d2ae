using System.Globalization;

namespace DotRec.Modeling;

/// <summary>
/// How gradients become weight changes: a configuration without state, so one optimizer may serve many fits. A parameter whose gradient is
/// row-sparse (an embedding table) is updated, decayed and has its state moved only in the rows of the batch: the cost of a step does not
/// depend on the size of the table.
/// </summary>
public abstract class Optimizer
{
    private protected Optimizer(double learningRate)
    {
        if (!(learningRate > 0) || !double.IsFinite(learningRate))
        {
            throw new ArgumentOutOfRangeException(
                nameof(learningRate), learningRate, "The learning rate must be positive and finite; with a rate of 0 training changes nothing.");
        }

        LearningRate = learningRate;
    }

    /// <summary>The learning rate before <see cref="Schedule"/>.</summary>
    public double LearningRate { get; }

    /// <summary>How the rate moves over the fit. Constant by default.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>
    /// Decoupled weight decay (Loshchilov and Hutter, 2019): every step also multiplies a weight by 1 − rate · WeightDecay. 0 by default.
    /// Rows of an embedding table decay in the steps that touch them.
    /// </summary>
    public double WeightDecay
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "WeightDecay must be 0 or positive.");
    }

    /// <summary>
    /// When set, all gradients of a step are scaled down together so that their joint L2 norm is at most this. Null (no clipping) by default.
    /// </summary>
    public double? ClipNorm
    {
        get;
        init => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "ClipNorm must be positive, or null for no clipping.");
    }

    /// <summary>Initial values of the state kept beside every weight, one entry a slot.</summary>
    internal abstract IReadOnlyList<float> InitialSlots { get; }

    /// <summary>
    /// Moves some weights. Called for whole parameters in pieces or for single rows; every element is treated alike and independently,
    /// so the pieces may be cut anywhere and run in any order.
    /// </summary>
    /// <param name="weights">Weights to move.</param>
    /// <param name="gradient">Their gradient, before <see cref="UpdateStep.GradientScale"/>.</param>
    /// <param name="slot0">First state slot, or empty.</param>
    /// <param name="slot1">Second state slot, or empty.</param>
    /// <param name="step">What is common to the step.</param>
    internal abstract void Update(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> slot0, Span<float> slot1, in UpdateStep step);

    /// <summary>Every setting that changes a training run, as text: a checkpoint is only resumed by an equal optimizer.</summary>
    internal virtual string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{GetType().Name}(rate {LearningRate:R}, decay {WeightDecay:R}, clip {ClipNorm:R}, schedule {Schedule})");
}

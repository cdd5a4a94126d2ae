using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// An optimizer that moves every weight by one formula. One of your own says how in <see cref="Update"/>; schedules, weight decay, clipping, embedding tables,
/// checkpoints and <see cref="CompositeOptimizer"/> work with it as with the ready ones.
/// </summary>
/// <example>
/// <code>
/// // Lion (Chen et al., 2023): the sign of a momentum.
/// sealed class Lion(double learningRate) : UpdateRule(learningRate)
/// {
///     protected override IReadOnlyList&lt;float> InitialSlots => [0f];
///
///     protected override void Update(Span&lt;float> weights, ReadOnlySpan&lt;float> gradient, OptimizerSlots slots, in UpdateStep step)
///     {
///         var momentum = slots[0];
///         for (var i = 0; i &lt; weights.Length; i++)
///         {
///             var g = gradient[i] * step.GradientScale;
///             weights[i] = (weights[i] * step.Decay) - (step.LearningRate * MathF.Sign((0.9f * momentum[i]) + (0.1f * g)));
///             momentum[i] = (0.99f * momentum[i]) + (0.01f * g);
///         }
///     }
/// }
/// </code>
/// </example>
public abstract class UpdateRule : Optimizer
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">Learning rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    protected UpdateRule(double learningRate)
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
    /// In a <see cref="CompositeOptimizer"/> the norm is that of the parameters this rule moves.
    /// </summary>
    public double? ClipNorm
    {
        get;
        init => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "ClipNorm must be positive, or null for no clipping.");
    }

    /// <summary>Initial values of the state kept beside every weight, one entry a slot; empty for a rule without state.</summary>
    protected internal abstract IReadOnlyList<float> InitialSlots { get; }

    /// <summary>
    /// Moves some weights. Called for whole parameters in pieces or for single rows, from several threads; treat every element alike and independently of
    /// the others, for the pieces may be cut anywhere and run in any order. Keep all state in the slots.
    /// </summary>
    /// <param name="weights">Weights to move.</param>
    /// <param name="gradient">Their gradient, before <see cref="UpdateStep.GradientScale"/>.</param>
    /// <param name="slots">Their state, as many slots as <see cref="InitialSlots"/> has entries.</param>
    /// <param name="step">What is common to the step: multiply each weight by its decay and each gradient by its scale first.</param>
    protected internal abstract void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerSlots slots, in UpdateStep step);

    /// <summary>True when a step is shrunk by a factor that depends on a whole parameter: <see cref="Shrink"/> is then asked first.</summary>
    internal virtual bool Shrinks => false;

    internal override IReadOnlyList<UpdateRule> Rules => [this];

    internal override UpdateRule[] Assign(IReadOnlyList<Parameter> parameters) => [.. parameters.Select(_ => this)];

    /// <summary>The factor in 0 … 1 these weights allow for the step of their whole parameter, which takes the least of all. Changes nothing.</summary>
    internal virtual float Shrink(ReadOnlySpan<float> weights, ReadOnlySpan<float> gradient, ReadOnlySpan<float> slot0, in UpdateStep step) => 1;

    /// <summary>Every setting that changes a training run, as text: a checkpoint is only resumed by an equal optimizer. Add those of your own rule.</summary>
    protected internal virtual string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{GetType().Name}(rate {LearningRate:R}, decay {WeightDecay:R}, clip {ClipNorm:R}, schedule {Schedule})");
}

using System.Globalization;

namespace DotRec.Modeling;

/// <summary>
/// Adagrad with Clippy (Tang et al., 2023, arXiv 2302.09178): the step of a whole parameter is shrunk until no weight of it moves further
/// than a share of its own size. It keeps the training of large ranking models from breaking at rates at which Adagrad diverges.
/// </summary>
/// <remarks>
/// <para>
/// With p = 1 / √(acc + ε) and Δ = rate · g · p, the factor of a parameter is the least of 1 and
/// (|w| · <see cref="VariableRelativeThreshold"/> + p · <see cref="AccumulatorRelativeThreshold"/> + <see cref="AbsoluteThreshold"/>) / |Δ|
/// over its weights with Δ ≠ 0; then w −= factor · Δ and acc += g². Of an embedding table only the rows of the batch enter the minimum, and
/// only they move. Defaults are TFRS'; the paper's learning rate is 1.
/// </para>
/// <para>
/// One weight at 0 holds the whole parameter to steps of <see cref="AbsoluteThreshold"/>: a bias that starts at zeros grows by a tenth a step
/// from 1e-7 on, and takes about a hundred steps to reach 0.01. Raise the threshold, or move such parameters by another rule of a
/// <see cref="CompositeOptimizer"/>.
/// </para>
/// </remarks>
public sealed class ClippyAdagrad : UpdateRule
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">Learning rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public ClippyAdagrad(double learningRate = 0.001)
        : base(learningRate)
    {
    }

    /// <summary>Start of the accumulated squared gradients. 0.1 by default.</summary>
    public double InitialAccumulator
    {
        get;
        init => field = NotNegative(value, nameof(InitialAccumulator));
    } = 0.1;

    /// <summary>By which share of its size a weight may move. 0.1 by default.</summary>
    public double VariableRelativeThreshold
    {
        get;
        init => field = NotNegative(value, nameof(VariableRelativeThreshold));
    } = 0.1;

    /// <summary>By which share of p a weight may move. 0 by default.</summary>
    public double AccumulatorRelativeThreshold
    {
        get;
        init => field = NotNegative(value, nameof(AccumulatorRelativeThreshold));
    }

    /// <summary>By how much any weight may move. 1e-7 by default; with 0 a weight at 0 stays there, and its parameter with it.</summary>
    public double AbsoluteThreshold
    {
        get;
        init => field = NotNegative(value, nameof(AbsoluteThreshold));
    } = 1e-7;

    /// <summary>Added to the accumulator under the root. 1e-7 by default. Where it and the accumulator are 0, a weight's first gradient only fills the accumulator.</summary>
    public double Epsilon
    {
        get;
        init => field = NotNegative(value, nameof(Epsilon));
    } = 1e-7;

    /// <summary>True accumulates the squares of shrunk gradients, (factor · g)². False by default.</summary>
    public bool ClipAccumulatorUpdate
    {
        get;
        init => field = value && UseStandardAccumulatorUpdate ? throw Both() : value;
    }

    /// <summary>True accumulates before p is computed, as Adagrad does; false (the default) after.</summary>
    public bool UseStandardAccumulatorUpdate
    {
        get;
        init => field = value && ClipAccumulatorUpdate ? throw Both() : value;
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<float> InitialSlots => [(float)InitialAccumulator];

    internal override bool Shrinks => true;

    internal override float Shrink(ReadOnlySpan<float> weights, ReadOnlySpan<float> gradient, ReadOnlySpan<float> slot0, in UpdateStep step)
    {
        var shrink = 1f;
        for (var i = 0; i < weights.Length; i++)
        {
            var (delta, precondition) = Change(gradient[i], slot0[i], step);
            if (delta != 0)
            {
                var limit = (MathF.Abs(weights[i]) * (float)VariableRelativeThreshold) + (precondition * (float)AccumulatorRelativeThreshold) + (float)AbsoluteThreshold;
                shrink = MathF.Min(shrink, limit / MathF.Abs(delta));
            }
        }

        return shrink;
    }

    /// <inheritdoc/>
    protected internal override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerSlots slots, in UpdateStep step)
    {
        var slot0 = slots[0];
        for (var i = 0; i < weights.Length; i++)
        {
            var (delta, _) = Change(gradient[i], slot0[i], step);
            var accumulated = gradient[i] * step.GradientScale * (ClipAccumulatorUpdate ? step.Shrink : 1);
            slot0[i] += accumulated * accumulated;
            weights[i] = (weights[i] * step.Decay) - (step.Shrink * delta);
        }
    }

    /// <inheritdoc/>
    protected internal override string Describe() => base.Describe() + string.Create(
        CultureInfo.InvariantCulture,
        $" accumulator {InitialAccumulator:R} thresholds {VariableRelativeThreshold:R} {AccumulatorRelativeThreshold:R} {AbsoluteThreshold:R} epsilon {Epsilon:R} clip {ClipAccumulatorUpdate} standard {UseStandardAccumulatorUpdate}");

    private static double NotNegative(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or positive.");

    private static ArgumentException Both() => new(
        $"{nameof(ClipAccumulatorUpdate)} and {nameof(UseStandardAccumulatorUpdate)} contradict each other: the factor is known only after the accumulator is used. Set one of them.");

    /// <summary>What the weight would move by, unshrunk, and the step per unit of rate and gradient, p.</summary>
    private (float Delta, float Precondition) Change(float gradient, float accumulator, in UpdateStep step)
    {
        var scaled = gradient * step.GradientScale;
        var square = accumulator + (UseStandardAccumulatorUpdate ? scaled * scaled : 0) + (float)Epsilon;
        var precondition = square > 0 ? 1 / MathF.Sqrt(square) : 0;
        return (step.LearningRate * scaled * precondition, precondition);
    }
}

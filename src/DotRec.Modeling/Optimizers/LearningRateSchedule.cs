using System.Globalization;

namespace DotRec.Modeling;

/// <summary>
/// How the learning rate moves over a fit: a linear warm-up, then <see cref="Constant"/>, <see cref="LinearDecay"/>, <see cref="CosineDecay"/>, or a schedule
/// of your own. Multiplies the optimizer's rate.
/// </summary>
/// <remarks>A schedule of your own is a record whose public properties are its settings: a checkpoint is only resumed by an equal schedule.</remarks>
/// <example>
/// <code>
/// // A tenth of the rate after every third of the fit.
/// sealed record Steps : LearningRateSchedule
/// {
///     protected override double FactorAfterWarmup(long step, long stepCount) => Math.Pow(0.1, 3 * step / stepCount);
/// }
/// </code>
/// </example>
public abstract record LearningRateSchedule
{
    /// <summary>The same rate throughout.</summary>
    public static LearningRateSchedule Constant { get; } = new Constantly();

    /// <summary>Steps over which the rate rises linearly from nearly 0 to its full value. 0 by default.</summary>
    public long WarmupSteps
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "WarmupSteps must not be negative.");
    }

    /// <summary>Falls on a straight line from the full rate to <paramref name="finalFactor"/> times it at the last step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not in 0 … 1.</exception>
    public static LearningRateSchedule LinearDecay(double finalFactor = 0) => new Linear(Checked(finalFactor));

    /// <summary>Falls on half a cosine from the full rate to <paramref name="finalFactor"/> times it at the last step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not in 0 … 1.</exception>
    public static LearningRateSchedule CosineDecay(double finalFactor = 0) => new Cosine(Checked(finalFactor));

    /// <summary>The factor of one step.</summary>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="stepCount">Steps of the whole fit.</param>
    /// <exception cref="InvalidOperationException">A schedule of your own gives a factor that is negative or not finite.</exception>
    public double FactorAt(long step, long stepCount)
    {
        if (step < WarmupSteps)
        {
            return (step + 1.0) / WarmupSteps;
        }

        var factor = FactorAfterWarmup(step - WarmupSteps, Math.Max(1, stepCount - WarmupSteps));
        return factor >= 0 && double.IsFinite(factor)
            ? factor
            : throw new InvalidOperationException($"The learning rate schedule {GetType().Name} gives the factor {factor} at step {step} of {stepCount}; factors are finite and not negative.");
    }

    /// <summary>The factor of one step after the warm-up.</summary>
    /// <param name="step">Number of the step since the warm-up, from 0; at <paramref name="stepCount"/> or above when a fit goes on for longer than was planned.</param>
    /// <param name="stepCount">Steps from the warm-up to the end of the fit, at least 1.</param>
    protected abstract double FactorAfterWarmup(long step, long stepCount);

    private static double Progress(long step, long stepCount) => Math.Clamp(step / (double)stepCount, 0, 1);

    private static double Checked(double finalFactor) => finalFactor is >= 0 and <= 1
        ? finalFactor
        : throw new ArgumentOutOfRangeException(nameof(finalFactor), finalFactor, "The factor at the end of a decay must be in 0 … 1.");

    private sealed record Constantly : LearningRateSchedule
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Constant(warm-up {WarmupSteps})");

        protected override double FactorAfterWarmup(long step, long stepCount) => 1;
    }

    private sealed record Linear(double FinalFactor) : LearningRateSchedule
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Linear(final {FinalFactor:R}, warm-up {WarmupSteps})");

        protected override double FactorAfterWarmup(long step, long stepCount) => 1 - ((1 - FinalFactor) * Progress(step, stepCount));
    }

    private sealed record Cosine(double FinalFactor) : LearningRateSchedule
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Cosine(final {FinalFactor:R}, warm-up {WarmupSteps})");

        protected override double FactorAfterWarmup(long step, long stepCount) =>
            FinalFactor + ((1 - FinalFactor) * 0.5 * (1 + Math.Cos(Math.PI * Progress(step, stepCount))));
    }
}

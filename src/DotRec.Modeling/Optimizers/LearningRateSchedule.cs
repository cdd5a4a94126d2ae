using System.Globalization;

namespace DotRec.Modeling;

/// <summary>How the learning rate moves over a fit: a linear warm-up, then constant, linear or cosine decay. Multiplies the optimizer's rate.</summary>
public sealed record LearningRateSchedule
{
    private readonly Decay _decay;
    private readonly double _finalFactor;

    private LearningRateSchedule(Decay decay, double finalFactor)
    {
        if (!(finalFactor is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(finalFactor), finalFactor, "The factor at the end of a decay must be in 0 … 1.");
        }

        _decay = decay;
        _finalFactor = finalFactor;
    }

    private enum Decay
    {
        None,
        Linear,
        Cosine,
    }

    /// <summary>The same rate throughout.</summary>
    public static LearningRateSchedule Constant { get; } = new(Decay.None, 1);

    /// <summary>Steps over which the rate rises linearly from nearly 0 to its full value. 0 by default.</summary>
    public long WarmupSteps
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "WarmupSteps must not be negative.");
    }

    /// <summary>Falls on a straight line from the full rate to <paramref name="finalFactor"/> times it at the last step.</summary>
    public static LearningRateSchedule LinearDecay(double finalFactor = 0) => new(Decay.Linear, finalFactor);

    /// <summary>Falls on half a cosine from the full rate to <paramref name="finalFactor"/> times it at the last step.</summary>
    public static LearningRateSchedule CosineDecay(double finalFactor = 0) => new(Decay.Cosine, finalFactor);

    /// <summary>The factor of one step.</summary>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="stepCount">Steps of the whole fit.</param>
    public double FactorAt(long step, long stepCount)
    {
        if (step < WarmupSteps)
        {
            return (step + 1.0) / WarmupSteps;
        }

        var progress = Math.Clamp((step - WarmupSteps) / Math.Max(1.0, stepCount - WarmupSteps), 0, 1);
        return _decay switch
        {
            Decay.Linear => 1 - ((1 - _finalFactor) * progress),
            Decay.Cosine => _finalFactor + ((1 - _finalFactor) * 0.5 * (1 + Math.Cos(Math.PI * progress))),
            _ => 1,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_decay}(final {_finalFactor}, warm-up {WarmupSteps})");
}

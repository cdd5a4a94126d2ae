using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DotRec.Modeling;

/// <summary>RMSprop (Tieleman and Hinton, 2012) as Keras has it: v += (1 − ρ)(g² − v), w −= rate · g / √(v + ε), v starting at 0.</summary>
/// <remarks>On embedding tables v of a row moves only in steps that touch the row.</remarks>
public sealed class RmsProp : UpdateRule
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">Learning rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public RmsProp(double learningRate = 0.001)
        : base(learningRate)
    {
    }

    /// <summary>Share of the last mean square that is kept. 0.9 by default.</summary>
    public double Rho
    {
        get;
        init => field = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Rho must be in 0 … 1, 1 excluded.");
    } = 0.9;

    /// <summary>Added to the mean square under the root. 1e-7 by default, as in Keras.</summary>
    public double Epsilon
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Epsilon must be positive.");
    } = 1e-7;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<float> InitialSlots => [0f];

    /// <inheritdoc/>
    protected internal override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerSlots slots, in UpdateStep step)
    {
        var slot0 = slots[0];
        var (rate, decay, scale, epsilon, share) = (step.LearningRate, step.Decay, step.GradientScale, (float)Epsilon, (float)(1 - Rho));
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var v = MemoryMarshal.Cast<float, Vector<float>>(slot0);
        for (var i = 0; i < w.Length; i++)
        {
            var scaled = g[i] * scale;
            v[i] += ((scaled * scaled) - v[i]) * share;
            w[i] = (w[i] * decay) - (scaled * rate / Vector.SquareRoot(v[i] + new Vector<float>(epsilon)));
        }

        for (var i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            var scaled = gradient[i] * scale;
            slot0[i] += ((scaled * scaled) - slot0[i]) * share;
            weights[i] = (weights[i] * decay) - (scaled * rate / MathF.Sqrt(slot0[i] + epsilon));
        }
    }

    /// <inheritdoc/>
    protected internal override string Describe() => base.Describe() + string.Create(CultureInfo.InvariantCulture, $" rho {Rho:R} epsilon {Epsilon:R}");
}

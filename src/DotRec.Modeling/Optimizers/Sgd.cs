using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DotRec.Modeling;

/// <summary>Stochastic gradient descent, with momentum as Keras has it: v = momentum · v − rate · g, w += v.</summary>
/// <remarks>On embedding tables the velocity of a row moves only in steps that touch the row.</remarks>
public sealed class Sgd : UpdateRule
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">Learning rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public Sgd(double learningRate = 0.01)
        : base(learningRate)
    {
    }

    /// <summary>Share of the last velocity that is kept. 0 by default.</summary>
    public double Momentum
    {
        get;
        init => field = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Momentum must be in 0 … 1, 1 excluded.");
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<float> InitialSlots => Momentum > 0 ? [0f] : [];

    /// <inheritdoc/>
    protected internal override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerSlots slots, in UpdateStep step)
    {
        var slot0 = slots.Count > 0 ? slots[0] : default;
        var (rate, decay) = (step.LearningRate * step.GradientScale, step.Decay);
        var momentum = (float)Momentum;
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var v = MemoryMarshal.Cast<float, Vector<float>>(slot0);
        for (var i = 0; i < w.Length; i++)
        {
            var change = g[i] * rate;
            if (v.Length > 0)
            {
                v[i] = (v[i] * momentum) - change;
                change = -v[i];
            }

            w[i] = (w[i] * decay) - change;
        }

        for (var i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            var change = gradient[i] * rate;
            if (slot0.Length > 0)
            {
                slot0[i] = (slot0[i] * momentum) - change;
                change = -slot0[i];
            }

            weights[i] = (weights[i] * decay) - change;
        }
    }

    /// <inheritdoc/>
    protected internal override string Describe() => base.Describe() + string.Create(CultureInfo.InvariantCulture, $" momentum {Momentum:R}");
}

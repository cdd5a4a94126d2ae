using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DotRec.Modeling;

/// <summary>Adagrad (Duchi, Hazan and Singer, 2011) as Keras has it: acc += g², w −= rate · g / √(acc + ε), acc starting at 0.1.</summary>
/// <remarks>
/// The accumulator's start sets the scale of gradients: with a mean instead of a sum over a batch of thousands, gradients are far below
/// √0.1 and the first steps are thousands of times smaller. Lower <see cref="InitialAccumulator"/> or sum the loss.
/// </remarks>
public sealed class Adagrad : UpdateRule
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">Learning rate; TFRS' tutorials use 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public Adagrad(double learningRate = 0.1)
        : base(learningRate)
    {
    }

    /// <summary>Start of the accumulated squared gradients. 0.1 by default, as in Keras.</summary>
    public double InitialAccumulator
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "InitialAccumulator must be 0 or positive.");
    } = 0.1;

    /// <summary>Added to the accumulator under the root. 1e-7 by default, as in Keras.</summary>
    public double Epsilon
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Epsilon must be positive.");
    } = 1e-7;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<float> InitialSlots => [(float)InitialAccumulator];

    /// <inheritdoc/>
    protected internal override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerSlots slots, in UpdateStep step)
    {
        var slot0 = slots[0];
        var (rate, decay, scale, epsilon) = (step.LearningRate, step.Decay, step.GradientScale, (float)Epsilon);
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var a = MemoryMarshal.Cast<float, Vector<float>>(slot0);
        for (var i = 0; i < w.Length; i++)
        {
            var scaled = g[i] * scale;
            a[i] += scaled * scaled;
            w[i] = (w[i] * decay) - (scaled * rate / Vector.SquareRoot(a[i] + new Vector<float>(epsilon)));
        }

        for (var i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            var scaled = gradient[i] * scale;
            slot0[i] += scaled * scaled;
            weights[i] = (weights[i] * decay) - (scaled * rate / MathF.Sqrt(slot0[i] + epsilon));
        }
    }

    /// <inheritdoc/>
    protected internal override string Describe() =>
        base.Describe() + string.Create(CultureInfo.InvariantCulture, $" accumulator {InitialAccumulator:R} epsilon {Epsilon:R}");
}

using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DotRec.Modeling;

/// <summary>
/// Adam (Kingma and Ba, 2015) with bias correction; with <see cref="UpdateRule.WeightDecay"/> it is AdamW.
/// m += (1 − β1)(g − m), v += (1 − β2)(g² − v), w −= rate · √(1 − β2ᵗ) / (1 − β1ᵗ) · m / (√v + ε).
/// </summary>
/// <remarks>
/// On embedding tables it is "lazy" (as TensorFlow Addons' LazyAdam): the moments of a row move only in steps that touch the row, while
/// the bias correction counts all steps. It differs from dense Adam, where momentum keeps moving rows that are not in the batch.
/// </remarks>
public sealed class Adam : UpdateRule
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">Learning rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public Adam(double learningRate = 0.001)
        : base(learningRate)
    {
    }

    /// <summary>Decay of the first moment. 0.9 by default.</summary>
    public double Beta1
    {
        get;
        init => field = Decay(value, nameof(Beta1));
    } = 0.9;

    /// <summary>Decay of the second moment. 0.999 by default.</summary>
    public double Beta2
    {
        get;
        init => field = Decay(value, nameof(Beta2));
    } = 0.999;

    /// <summary>Added to the root of the second moment. 1e-7 by default, as in Keras.</summary>
    public double Epsilon
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Epsilon must be positive.");
    } = 1e-7;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<float> InitialSlots => [0f, 0f];

    /// <inheritdoc/>
    protected internal override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerSlots slots, in UpdateStep step)
    {
        var slot0 = slots[0];
        var slot1 = slots[1];
        var correction = Math.Sqrt(1 - Math.Pow(Beta2, step.Number)) / (1 - Math.Pow(Beta1, step.Number));
        var (rate, decay, scale, epsilon) = ((float)(step.LearningRate * correction), step.Decay, step.GradientScale, (float)Epsilon);
        var (share1, share2) = ((float)(1 - Beta1), (float)(1 - Beta2));
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var m = MemoryMarshal.Cast<float, Vector<float>>(slot0);
        var v = MemoryMarshal.Cast<float, Vector<float>>(slot1);
        for (var i = 0; i < w.Length; i++)
        {
            var scaled = g[i] * scale;
            m[i] += (scaled - m[i]) * share1;
            v[i] += ((scaled * scaled) - v[i]) * share2;
            w[i] = (w[i] * decay) - (m[i] * rate / (Vector.SquareRoot(v[i]) + new Vector<float>(epsilon)));
        }

        for (var i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            var scaled = gradient[i] * scale;
            slot0[i] += (scaled - slot0[i]) * share1;
            slot1[i] += ((scaled * scaled) - slot1[i]) * share2;
            weights[i] = (weights[i] * decay) - (slot0[i] * rate / (MathF.Sqrt(slot1[i]) + epsilon));
        }
    }

    /// <inheritdoc/>
    protected internal override string Describe() =>
        base.Describe() + string.Create(CultureInfo.InvariantCulture, $" beta {Beta1:R} {Beta2:R} epsilon {Epsilon:R}");

    private static double Decay(double value, string name) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be in 0 … 1, 1 excluded.");
}

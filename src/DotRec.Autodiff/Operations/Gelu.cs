using System.Numerics;
using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Gaussian error linear unit.</content>
public sealed partial class Tensor
{
    /// <summary>x · Φ(x) of every value, Φ the normal distribution function; the exact form, absolute error of Φ at most 2e-7.</summary>
    /// <remarks>Source: Hendrycks and Gimpel, 2016, "Gaussian Error Linear Units".</remarks>
    public Tensor Gelu() => new Gelu(this).Run();
}

/// <summary>y = x · Φ(x).</summary>
internal sealed class Gelu(Tensor input) : UnaryOperation(input)
{
    private const float InverseSqrtTwoPi = 0.3989422804f;
    private const float P = 0.2316419f;

    protected override void Value(ReadOnlySpan<float> x, Span<float> y)
    {
        NormalDistribution(x, y);
        TensorPrimitives.Multiply(x, y, y);
    }

    // dx = dy · (Φ(x) + x · φ(x))
    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        Span<float> density = stackalloc float[x.Length];
        Density(x, density);
        TensorPrimitives.Multiply(density, x, density);
        NormalDistribution(x, dx);
        TensorPrimitives.Add(dx, density, dx);
        TensorPrimitives.Multiply(dx, dy, dx);
    }

    /// <summary>φ(x) = exp(−x² / 2) / √2π.</summary>
    private static void Density(ReadOnlySpan<float> x, Span<float> density)
    {
        TensorPrimitives.Multiply(x, x, density);
        TensorPrimitives.Multiply(density, -0.5f, density);
        TensorPrimitives.Exp(density, density);
        TensorPrimitives.Multiply(density, InverseSqrtTwoPi, density);
    }

    /// <summary>
    /// Φ(x) = 1 − φ(x)·(b₁t + … + b₅t⁵) for x ≥ 0, t = 1 / (1 + px), and Φ(−x) = 1 − Φ(x): Abramowitz and Stegun, 26.2.17, |error| &lt; 7.5e-8.
    /// </summary>
    private static void NormalDistribution(ReadOnlySpan<float> x, Span<float> y)
    {
        Density(x, y);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(x[i..]);
            var tail = new Vector<float>(y[i..]) * Polynomial(Vector<float>.One / (Vector<float>.One + (new Vector<float>(P) * Vector.Abs(value))));
            Vector.ConditionalSelect(Vector.LessThan(value, Vector<float>.Zero), tail, Vector<float>.One - tail).CopyTo(y[i..]);
        }

        for (; i < x.Length; i++)
        {
            var tail = y[i] * Polynomial(new Vector<float>(1f / (1f + (P * MathF.Abs(x[i])))))[0];
            y[i] = x[i] < 0 ? tail : 1f - tail;
        }
    }

    /// <summary>b₁t + b₂t² + … + b₅t⁵.</summary>
    private static Vector<float> Polynomial(Vector<float> t)
    {
        var sum = new Vector<float>(1.330274429f) * t;
        sum = (sum + new Vector<float>(-1.821255978f)) * t;
        sum = (sum + new Vector<float>(1.781477937f)) * t;
        sum = (sum + new Vector<float>(-0.356563782f)) * t;
        return (sum + new Vector<float>(0.319381530f)) * t;
    }
}

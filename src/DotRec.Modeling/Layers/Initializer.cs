using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>How the first values of a parameter are chosen.</summary>
public sealed class Initializer
{
    private readonly Action<SeededRandom, float[], ReadOnlyMemory<int>> _fill;

    private Initializer(Action<SeededRandom, float[], ReadOnlyMemory<int>> fill) => _fill = fill;

    /// <summary>All 0.</summary>
    public static Initializer Zeros { get; } = Constant(0);

    /// <summary>All 1.</summary>
    public static Initializer Ones { get; } = Constant(1);

    /// <summary>
    /// Uniform in ±√(6 / (inputs + outputs)) for a kernel of shape [inputs, outputs] (Glorot and Bengio, 2010): Keras' default for dense layers.
    /// </summary>
    public static Initializer GlorotUniform { get; } = new((random, values, shape) =>
    {
        var (inputs, outputs) = shape.Length == 1 ? (shape.Span[0], shape.Span[0]) : (shape.Span[^2], shape.Span[^1]);
        FillUniform(random, values, Math.Sqrt(6.0 / (inputs + outputs)));
    });

    /// <summary>All <paramref name="value"/>.</summary>
    public static Initializer Constant(float value) => new((_, values, _) => Array.Fill(values, value));

    /// <summary>Uniform in −<paramref name="limit"/> … <paramref name="limit"/>. Keras' default for embeddings is 0.05.</summary>
    public static Initializer Uniform(double limit = 0.05) => new((random, values, _) => FillUniform(random, values, limit));

    /// <summary>Normal around 0.</summary>
    public static Initializer Normal(double standardDeviation) => new((random, values, _) =>
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(standardDeviation * random.NextNormal());
        }
    });

    /// <summary>Normal around 0, drawn again beyond two standard deviations: Keras' truncated normal.</summary>
    public static Initializer TruncatedNormal(double standardDeviation = 0.05) => new((random, values, _) =>
    {
        for (var i = 0; i < values.Length; i++)
        {
            double draw;
            do
            {
                draw = random.NextNormal();
            }
            while (Math.Abs(draw) > 2);
            values[i] = (float)(standardDeviation * draw);
        }
    });

    internal float[] Draw(SeededRandom random, params ReadOnlySpan<int> shape)
    {
        var length = 1;
        foreach (var size in shape)
        {
            length = checked(length * size);
        }

        var values = new float[length];
        _fill(random, values, shape.ToArray());
        return values;
    }

    private static void FillUniform(SeededRandom random, float[] values, double limit)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(((2 * random.NextDouble()) - 1) * limit);
        }
    }
}

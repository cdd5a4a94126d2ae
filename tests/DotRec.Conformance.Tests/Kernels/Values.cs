using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>Operands of kernel laws, each from its own seed.</summary>
internal static class Values
{
    /// <summary>Whole numbers in −32 … 32: every partial sum of their products is exact in float32.</summary>
    public static float[] Integers(int length, int seed) => Draw(length, seed, random => random.NextInt(65) - 32);

    /// <summary>Uniform in −1 … 1, or with magnitudes spread over 10⁻³ … 10³.</summary>
    public static float[] Reals(int length, int seed, bool heavyTailed = false) => Draw(length, seed, random =>
        heavyTailed
            ? (float)(Math.Pow(10, (6 * random.NextDouble()) - 3) * (random.NextInt(2) == 0 ? 1 : -1))
            : (2 * random.NextSingle()) - 1);

    private static float[] Draw(int length, int seed, Func<SeededRandom, float> next)
    {
        var random = new SeededRandom((ulong)seed);
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = next(random);
        }

        return values;
    }
}

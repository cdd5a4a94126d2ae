using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Operands of benchmarks.</summary>
internal static class RandomValues
{
    /// <summary>Normal values with deviation ½.</summary>
    public static float[] Normals(int length, ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextNormal() / 2;
        }

        return values;
    }
}

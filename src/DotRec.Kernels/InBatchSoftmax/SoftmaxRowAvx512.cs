using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>Passes over a row of logits in 512-bit vectors.</summary>
internal readonly unsafe struct SoftmaxRowAvx512 : ISoftmaxRowKernel
{
    private const int Lanes = 16;

    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* row, nint n)
    {
        Vector512<float> x = Vector512.Create(float.NegativeInfinity), y = x;
        for (nint j = 0; j < n; j += 2 * Lanes)
        {
            x = Vector512.MaxNative(x, Vector512.Load(row + j));
            y = Vector512.MaxNative(y, Vector512.Load(row + j + Lanes));
        }

        x = Vector512.MaxNative(x, y);
        var maximum = x[0];
        for (var lane = 1; lane < Lanes; lane++)
        {
            maximum = float.MaxNative(maximum, x[lane]);
        }

        return maximum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float ExpSum(float* row, nint n, float maximum)
    {
        var shift = Vector512.Create(maximum);
        Vector512<float> sumX = default, sumY = default;
        for (nint j = 0; j < n; j += 2 * Lanes)
        {
            var x = VectorExp.Exp(Vector512.Load(row + j) - shift);
            var y = VectorExp.Exp(Vector512.Load(row + j + Lanes) - shift);
            x.Store(row + j);
            y.Store(row + j + Lanes);
            sumX += x;
            sumY += y;
        }

        return Vector512.Sum(sumX + sumY);
    }
}

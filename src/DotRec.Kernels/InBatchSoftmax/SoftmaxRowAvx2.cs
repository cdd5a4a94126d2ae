using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>Passes over a row of logits in 256-bit vectors.</summary>
internal readonly unsafe struct SoftmaxRowAvx2 : ISoftmaxRowKernel
{
    private const int Lanes = 8;

    public static InstructionSet InstructionSet => InstructionSet.Avx2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* row, nint n)
    {
        Vector256<float> x = Vector256.Create(float.NegativeInfinity), y = x;
        for (nint j = 0; j < n; j += 2 * Lanes)
        {
            x = Vector256.MaxNative(x, Vector256.Load(row + j));
            y = Vector256.MaxNative(y, Vector256.Load(row + j + Lanes));
        }

        x = Vector256.MaxNative(x, y);
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
        var shift = Vector256.Create(maximum);
        Vector256<float> sumX = default, sumY = default;
        for (nint j = 0; j < n; j += 2 * Lanes)
        {
            var x = VectorExp.Exp(Vector256.Load(row + j) - shift);
            var y = VectorExp.Exp(Vector256.Load(row + j + Lanes) - shift);
            x.Store(row + j);
            y.Store(row + j + Lanes);
            sumX += x;
            sumY += y;
        }

        return Vector256.Sum(sumX + sumY);
    }
}

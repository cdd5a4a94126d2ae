using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;
using Vec = System.Runtime.Intrinsics.Vector512;

namespace DotRec.Kernels;

/// <summary>Passes over a row of logits in 512-bit vectors.</summary>
internal readonly unsafe struct SoftmaxRowAvx512 : ISoftmaxRowKernel
{
    private const int Lanes = 16;

    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* row, nint n)
    {
        V x = Vec.Create(float.NegativeInfinity), y = x;
        for (nint j = 0; j < n; j += 2 * Lanes)
        {
            x = Vec.MaxNative(x, Vec.Load(row + j));
            y = Vec.MaxNative(y, Vec.Load(row + j + Lanes));
        }

        x = Vec.MaxNative(x, y);
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
        var shift = Vec.Create(maximum);
        V sumX = default, sumY = default;
        for (nint j = 0; j < n; j += 2 * Lanes)
        {
            var x = VectorExp.Exp(Vec.Load(row + j) - shift);
            var y = VectorExp.Exp(Vec.Load(row + j + Lanes) - shift);
            x.Store(row + j);
            y.Store(row + j + Lanes);
            sumX += x;
            sumY += y;
        }

        return Vec.Sum(sumX + sumY);
    }
}

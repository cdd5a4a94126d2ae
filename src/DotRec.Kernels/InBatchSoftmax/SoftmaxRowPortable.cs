using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>Passes over a row of logits in 128-bit vectors.</summary>
internal readonly unsafe struct SoftmaxRowPortable : ISoftmaxRowKernel
{
    private const int Lanes = 4;

    public static InstructionSet InstructionSet => InstructionSet.Portable;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* row, nint n)
    {
        Vector128<float> x = Vector128.Create(float.NegativeInfinity), y = x;
        for (nint j = 0; j < n; j += 2 * Lanes)
        {
            x = Vector128.MaxNative(x, Vector128.Load(row + j));
            y = Vector128.MaxNative(y, Vector128.Load(row + j + Lanes));
        }

        x = Vector128.MaxNative(x, y);
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
        var shift = Vector128.Create(maximum);
        Vector128<float> sumX = default, sumY = default;
        for (nint j = 0; j < n; j += 2 * Lanes)
        {
            var x = VectorExp.Exp(Vector128.Load(row + j) - shift);
            var y = VectorExp.Exp(Vector128.Load(row + j + Lanes) - shift);
            x.Store(row + j);
            y.Store(row + j + Lanes);
            sumX += x;
            sumY += y;
        }

        return Vector128.Sum(sumX + sumY);
    }
}

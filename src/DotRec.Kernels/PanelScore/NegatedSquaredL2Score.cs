using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>−Σ (qⱼ − xⱼ)², summed as differences: the expanded form loses every digit between neighbours far from the origin.</summary>
internal readonly unsafe struct NegatedSquaredL2Score : IPanelScore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> query, Vector128<float> rows, Vector128<float> sum)
    {
        var difference = query - rows;
        return Vector128.MultiplyAddEstimate(difference, difference, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> query, Vector256<float> rows, Vector256<float> sum)
    {
        var difference = query - rows;
        return Vector256.MultiplyAddEstimate(difference, difference, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> query, Vector512<float> rows, Vector512<float> sum)
    {
        var difference = query - rows;
        return Vector512.MultiplyAddEstimate(difference, difference, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Finish(Vector128<float> sum, float* scales) => Vector128<float>.Zero - sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Finish(Vector256<float> sum, float* scales) => Vector256<float>.Zero - sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Finish(Vector512<float> sum, float* scales) => Vector512<float>.Zero - sum;
}

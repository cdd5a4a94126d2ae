using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>s·Σ qⱼxⱼ with one factor s a row: the cosine when s is the row's inverse length and the query has length 1.</summary>
internal readonly unsafe struct ScaledDotScore : IPanelScore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> query, Vector128<float> rows, Vector128<float> sum) =>
        Vector128.MultiplyAddEstimate(query, rows, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> query, Vector256<float> rows, Vector256<float> sum) =>
        Vector256.MultiplyAddEstimate(query, rows, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> query, Vector512<float> rows, Vector512<float> sum) =>
        Vector512.MultiplyAddEstimate(query, rows, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Finish(Vector128<float> sum, float* scales) => sum * Vector128.Load(scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Finish(Vector256<float> sum, float* scales) => sum * Vector256.Load(scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Finish(Vector512<float> sum, float* scales) => sum * Vector512.Load(scales);
}

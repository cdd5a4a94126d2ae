using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>(xᵢ − yᵢ)²: the terms of a squared Euclidean distance.</summary>
internal readonly struct SquaredDifferenceTerm : IPairTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float x, float y, float sum) => ProductTerm.Add(x - y, x - y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> x, Vector128<float> y, Vector128<float> sum) => ProductTerm.Add(x - y, x - y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> x, Vector256<float> y, Vector256<float> sum) => ProductTerm.Add(x - y, x - y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> x, Vector512<float> y, Vector512<float> sum) => ProductTerm.Add(x - y, x - y, sum);
}

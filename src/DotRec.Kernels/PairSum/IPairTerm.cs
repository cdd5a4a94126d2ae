using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>What one pair of values adds to a sum over pairs. A pair of zeros must add exactly zero: kernels mask tails to zeros.</summary>
internal interface IPairTerm
{
    static abstract float Add(float x, float y, float sum);

    static abstract Vector128<float> Add(Vector128<float> x, Vector128<float> y, Vector128<float> sum);

    static abstract Vector256<float> Add(Vector256<float> x, Vector256<float> y, Vector256<float> sum);

    static abstract Vector512<float> Add(Vector512<float> x, Vector512<float> y, Vector512<float> sum);
}

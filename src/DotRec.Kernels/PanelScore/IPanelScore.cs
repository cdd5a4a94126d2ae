using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>A score function in every vector width: what one component adds, and how the sum becomes a score where bigger is better.</summary>
internal unsafe interface IPanelScore
{
    static abstract Vector128<float> Add(Vector128<float> query, Vector128<float> rows, Vector128<float> sum);

    static abstract Vector256<float> Add(Vector256<float> query, Vector256<float> rows, Vector256<float> sum);

    static abstract Vector512<float> Add(Vector512<float> query, Vector512<float> rows, Vector512<float> sum);

    static abstract Vector128<float> Finish(Vector128<float> sum, float* scales);

    static abstract Vector256<float> Finish(Vector256<float> sum, float* scales);

    static abstract Vector512<float> Finish(Vector512<float> sum, float* scales);
}

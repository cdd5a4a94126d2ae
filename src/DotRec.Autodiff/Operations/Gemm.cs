namespace DotRec.Autodiff;

/// <summary>C = op(A) · op(B), row-major.</summary>
internal static class Gemm
{
    public static void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, Span<float> c, int ldc, bool accumulate)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                float sum = accumulate ? c[(i * ldc) + j] : 0;
                for (var p = 0; p < k; p++)
                {
                    sum += (transposeA ? a[(p * lda) + i] : a[(i * lda) + p]) * (transposeB ? b[(j * ldb) + p] : b[(p * ldb) + j]);
                }

                c[(i * ldc) + j] = sum;
            }
        }
    }
}

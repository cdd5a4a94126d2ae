namespace DotRec.Kernels;

/// <summary>Dense matrix products in float32, row-major.</summary>
internal static class GemmKernels
{
    /// <summary>C = op(A)·op(B), or C += op(A)·op(B): op(A) is [m, k], op(B) is [k, n], C is [m, n]; op transposes or does nothing.</summary>
    /// <param name="transposeA">A is stored [k, m].</param>
    /// <param name="transposeB">B is stored [n, k].</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">The summed axis; 0 gives zeros (or leaves C as it is when accumulating).</param>
    /// <param name="a">A, row-major.</param>
    /// <param name="lda">Distance between the starts of two rows of A as stored.</param>
    /// <param name="b">B, row-major.</param>
    /// <param name="ldb">Distance between the starts of two rows of B as stored.</param>
    /// <param name="c">C, row-major; may not overlap A or B.</param>
    /// <param name="ldc">Distance between the starts of two rows of C.</param>
    /// <param name="accumulate">Add to C instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A matrix does not lie inside its span.</exception>
    /// <remarks>
    /// Large products run on <see cref="Parallelism.Threads"/> threads; the result has the same bits at any number. NaN and infinities
    /// propagate as in the plain triple loop. Error per value ≤ γₖ·Σ|aᵢₗ·bₗⱼ|.
    /// </remarks>
    public static void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, Span<float> c, int ldc, bool accumulate = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        Require.StridedMatrix(a.Length, transposeA ? k : m, transposeA ? m : k, lda, nameof(a));
        Require.StridedMatrix(b.Length, transposeB ? n : k, transposeB ? k : n, ldb, nameof(b));
        Require.StridedMatrix(c.Length, m, n, ldc, nameof(c));
        for (var i = 0; i < m; i++)
        {
            var row = c.Slice(i * ldc, n);
            if (!accumulate)
            {
                row.Clear();
            }

            for (var l = 0; l < k; l++)
            {
                var left = transposeA ? a[(l * lda) + i] : a[(i * lda) + l];
                if (!transposeB)
                {
                    AxpyKernels.Axpy(left, b.Slice(l * ldb, n), row);
                    continue;
                }

                for (var j = 0; j < n; j++)
                {
                    row[j] += left * b[(j * ldb) + l];
                }
            }
        }
    }
}

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
    /// Large products run on <see cref="Parallelism.MaxDegreeOfParallelism"/> threads; the result has the same bits at any number. NaN and infinities
    /// propagate as in the plain triple loop. Error per value ≤ γₖ·Σ|aᵢₗ·bₗⱼ|.
    /// </remarks>
    public static void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, Span<float> c, int ldc,
        bool accumulate = false)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                Multiply<GemmAvx512, PairSumAvx512>(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
                break;
            case InstructionSet.Avx2:
                Multiply<GemmAvx2, PairSumAvx2>(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
                break;
            default:
                Multiply<GemmPortable, PairSumPortable>(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
                break;
        }
    }

    public static unsafe void Multiply<TKernel, TPairSum>(
        bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, Span<float> c, int ldc,
        bool accumulate)
        where TKernel : struct, IGemmKernel
        where TPairSum : struct, IPairSumKernel
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        Require.StridedMatrix(a.Length, transposeA ? k : m, transposeA ? m : k, lda, nameof(a));
        Require.StridedMatrix(b.Length, transposeB ? n : k, transposeB ? k : n, ldb, nameof(b));
        Require.StridedMatrix(c.Length, m, n, ldc, nameof(c));
        fixed (float* pa = a, pb = b, pc = c)
        {
            var operands = new GemmOperands
            {
                A = pa,
                B = pb,
                C = pc,
                ARow = transposeA ? 1 : lda,
                AStep = transposeA ? lda : 1,
                BStep = transposeB ? 1 : ldb,
                BColumn = transposeB ? ldb : 1,
                Ldc = ldc,
                M = m,
                N = n,
                K = k,
                Accumulate = accumulate,
            };
            Run<TKernel, TPairSum>(operands);
        }
    }

    private static unsafe void Run<TKernel, TPairSum>(GemmOperands operands)
        where TKernel : struct, IGemmKernel
        where TPairSum : struct, IPairSumKernel
    {
        // A single column that lies densely is a single row of the transposed product.
        if (operands is { N: 1, M: > 1, Ldc: 1 })
        {
            operands = operands.Transposed();
        }

        if (operands is { M: 0 } or { N: 0 })
        {
            return;
        }

        if (operands.K == 0)
        {
            Clear(operands);
        }
        else if (DotGemm<TPairSum>.Fits(operands))
        {
            DotGemm<TPairSum>.Run(operands);
        }
        else if (RowGemm<TKernel>.Fits(operands))
        {
            RowGemm<TKernel>.Run(operands);
        }
        else if (SplitGemm<TKernel>.Fits(operands))
        {
            SplitGemm<TKernel>.Run(operands);
        }
        else
        {
            BlockedGemm<TKernel>.Run(operands);
        }
    }

    private static unsafe void Clear(in GemmOperands operands)
    {
        for (var i = 0; i < operands.M && !operands.Accumulate; i++)
        {
            new Span<float>(operands.C + (i * operands.Ldc), operands.N).Clear();
        }
    }
}

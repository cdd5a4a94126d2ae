namespace DotRec.Kernels;

/// <summary>
/// Sums of a query with rows that lie anywhere, each one chain over the components in order: the bits of <see cref="PanelKernels"/>, where rows
/// are not in panels. A chain takes the latency of an addition a component, so several rows share it, each in a lane of its own.
/// </summary>
internal static unsafe class ChainSums
{
    /// <summary>Largest <see cref="IChainSumKernel.Rows"/>.</summary>
    private const int MaxRows = 16;

    /// <summary>Sums the terms of a query with some rows of a matrix.</summary>
    /// <param name="query">[D].</param>
    /// <param name="matrix">[N, D], row-major.</param>
    /// <param name="rows">Numbers of rows, each of which the caller has checked.</param>
    /// <param name="sums">[rows], written.</param>
    public static void Sum<TTerm>(ReadOnlySpan<float> query, float* matrix, ReadOnlySpan<int> rows, Span<float> sums)
        where TTerm : struct, IPairTerm
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512 when rows.Length > ChainSumAvx2.Rows:
                Sum<ChainSumAvx512, TTerm>(query, matrix, rows, sums);
                break;
            case InstructionSet.Avx512 or InstructionSet.Avx2:
                Sum<ChainSumAvx2, TTerm>(query, matrix, rows, sums);
                break;
            default:
                Sum<ChainSumPortable, TTerm>(query, matrix, rows, sums);
                break;
        }
    }

    public static void Sum<TKernel, TTerm>(ReadOnlySpan<float> query, float* matrix, ReadOnlySpan<int> rows, Span<float> sums)
        where TKernel : struct, IChainSumKernel
        where TTerm : struct, IPairTerm
    {
        Require.SameLength(rows.Length, sums.Length);
        var addresses = stackalloc float*[MaxRows];
        var results = stackalloc float[MaxRows];
        fixed (float* values = query)
        {
            for (var first = 0; first < rows.Length; first += TKernel.Rows)
            {
                // Fewer than a vector takes: the last one again.
                for (var i = 0; i < TKernel.Rows; i++)
                {
                    addresses[i] = matrix + ((long)rows[Math.Min(first + i, rows.Length - 1)] * query.Length);
                }

                TKernel.Sum<TTerm>(values, addresses, query.Length, results);
                var count = Math.Min(TKernel.Rows, rows.Length - first);
                new ReadOnlySpan<float>(results, count).CopyTo(sums[first..]);
            }
        }
    }

    /// <summary>Goes on with chains from component <paramref name="first"/> to the last.</summary>
    internal static void Finish<TTerm>(float* query, float** rows, int first, int dimension, int count, float* sums)
        where TTerm : struct, IPairTerm
    {
        for (var i = 0; i < count; i++)
        {
            for (var j = first; j < dimension; j++)
            {
                sums[i] = TTerm.Add(query[j], rows[i][j], sums[i]);
            }
        }
    }
}

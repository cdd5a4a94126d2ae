using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>The inner product Σ xᵢyᵢ of one vector with one vector or with every row of a matrix.</summary>
internal static class DotKernels
{
    /// <summary>One with one. Lengths must be equal; 0 for empty vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => KernelSelection.Current switch
    {
        InstructionSet.Avx512 => PairSums.One<PairSumAvx512, ProductTerm>(x, y),
        InstructionSet.Avx2 => PairSums.One<PairSumAvx2, ProductTerm>(x, y),
        _ => PairSums.One<PairSumPortable, ProductTerm>(x, y),
    };

    /// <summary>One with every row: scores[i] is the value for rows[i], bit for bit that of <see cref="Dot"/>. Runs on one thread.</summary>
    /// <param name="query">[D].</param>
    /// <param name="rows">[N, D], row-major.</param>
    /// <param name="scores">[N], written.</param>
    public static void DotMany(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> scores)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                PairSums.Many<PairSumAvx512, ProductTerm>(query, rows, scores);
                break;
            case InstructionSet.Avx2:
                PairSums.Many<PairSumAvx2, ProductTerm>(query, rows, scores);
                break;
            default:
                PairSums.Many<PairSumPortable, ProductTerm>(query, rows, scores);
                break;
        }
    }
}

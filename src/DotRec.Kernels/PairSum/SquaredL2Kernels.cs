using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>The squared Euclidean distance Σ (xᵢ − yᵢ)² of one vector with one vector or with every row of a matrix.</summary>
internal static class SquaredL2Kernels
{
    /// <summary>One with one. Lengths must be equal; 0 for empty vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquaredL2(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => KernelSelection.Current switch
    {
        InstructionSet.Avx512 => PairSums.One<PairSumAvx512, SquaredDifferenceTerm>(x, y),
        InstructionSet.Avx2 => PairSums.One<PairSumAvx2, SquaredDifferenceTerm>(x, y),
        _ => PairSums.One<PairSumPortable, SquaredDifferenceTerm>(x, y),
    };

    /// <summary>One with every row: scores[i] is the value for rows[i], bit for bit that of <see cref="SquaredL2"/>. Runs on one thread.</summary>
    /// <param name="query">[D].</param>
    /// <param name="rows">[N, D], row-major.</param>
    /// <param name="scores">[N], written.</param>
    public static void SquaredL2Many(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> scores)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                PairSums.Many<PairSumAvx512, SquaredDifferenceTerm>(query, rows, scores);
                break;
            case InstructionSet.Avx2:
                PairSums.Many<PairSumAvx2, SquaredDifferenceTerm>(query, rows, scores);
                break;
            default:
                PairSums.Many<PairSumPortable, SquaredDifferenceTerm>(query, rows, scores);
                break;
        }
    }
}

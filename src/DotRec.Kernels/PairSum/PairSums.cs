using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DotRec.Kernels;

/// <summary>The call shapes of sums over pairs: one vector with one, and one with every row of a matrix.</summary>
internal static class PairSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float One<TKernel, TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        where TKernel : struct, IPairSumKernel
        where TTerm : struct, IPairTerm
    {
        Require.SameLength(x.Length, y.Length);
        return TKernel.Sum<TTerm>(in MemoryMarshal.GetReference(x), in MemoryMarshal.GetReference(y), (nuint)x.Length);
    }

    /// <summary>One with one, by the chosen variant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float One<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        where TTerm : struct, IPairTerm => KernelSelection.Current switch
        {
            InstructionSet.Avx512 => One<PairSumAvx512, TTerm>(x, y),
            InstructionSet.Avx2 => One<PairSumAvx2, TTerm>(x, y),
            _ => One<PairSumPortable, TTerm>(x, y),
        };

    public static void Many<TKernel, TTerm>(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> scores)
        where TKernel : struct, IPairSumKernel
        where TTerm : struct, IPairTerm
    {
        Require.Matrix(rows, scores.Length, query.Length);
        ref readonly var x = ref MemoryMarshal.GetReference(query);
        ref readonly var row = ref MemoryMarshal.GetReference(rows);
        var dimension = (nuint)query.Length;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = TKernel.Sum<TTerm>(in x, in Unsafe.Add(ref Unsafe.AsRef(in row), (nuint)i * dimension), dimension);
        }
    }
}

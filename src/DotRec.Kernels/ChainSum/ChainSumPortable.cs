using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>Four scalar chains, which hide one another's latency.</summary>
internal readonly unsafe struct ChainSumPortable : IChainSumKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Portable;

    public static int Rows => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TTerm>(float* query, float** rows, int dimension, float* sums)
        where TTerm : struct, IPairTerm
    {
        var (a, b, c, d) = (0f, 0f, 0f, 0f);
        float* rowA = rows[0], rowB = rows[1], rowC = rows[2], rowD = rows[3];
        for (var j = 0; j < dimension; j++)
        {
            a = TTerm.Add(query[j], rowA[j], a);
            b = TTerm.Add(query[j], rowB[j], b);
            c = TTerm.Add(query[j], rowC[j], c);
            d = TTerm.Add(query[j], rowD[j], d);
        }

        (sums[0], sums[1], sums[2], sums[3]) = (a, b, c, d);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Isa = System.Runtime.Intrinsics.X86.Avx;
using V = System.Runtime.Intrinsics.Vector256<float>;
using Vec = System.Runtime.Intrinsics.Vector256;

namespace DotRec.Kernels;

/// <summary>256-bit vectors: chains of eight rows, four components at a time.</summary>
internal readonly unsafe struct ChainSumAvx2 : IChainSumKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx2;

    public static int Rows => 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TTerm>(float* query, float** rows, int dimension, float* sums)
        where TTerm : struct, IPairTerm
    {
        var sum = V.Zero;
        var j = 0;
        for (; j + 4 <= dimension; j += 4)
        {
            // Each 128 bits are four components of a row; transposed within 128 bits, each vector is one component of every row.
            var a = Load(rows, j);
            var b = Load(rows + 1, j);
            var c = Load(rows + 2, j);
            var d = Load(rows + 3, j);
            var abLow = Isa.UnpackLow(a, b);
            var cdLow = Isa.UnpackLow(c, d);
            var abHigh = Isa.UnpackHigh(a, b);
            var cdHigh = Isa.UnpackHigh(c, d);
            sum = TTerm.Add(Vec.Create(query[j]), Isa.UnpackLow(abLow.AsDouble(), cdLow.AsDouble()).AsSingle(), sum);
            sum = TTerm.Add(Vec.Create(query[j + 1]), Isa.UnpackHigh(abLow.AsDouble(), cdLow.AsDouble()).AsSingle(), sum);
            sum = TTerm.Add(Vec.Create(query[j + 2]), Isa.UnpackLow(abHigh.AsDouble(), cdHigh.AsDouble()).AsSingle(), sum);
            sum = TTerm.Add(Vec.Create(query[j + 3]), Isa.UnpackHigh(abHigh.AsDouble(), cdHigh.AsDouble()).AsSingle(), sum);
        }

        sum.Store(sums);
        ChainSums.Finish<TTerm>(query, rows, j, dimension, Rows, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(float** rows, int j) => Vec.Create(
        Vector128.Load(rows[0] + j), Vector128.Load(rows[4] + j));
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>256-bit vectors: two chains of eight rows, four components at a time.</summary>
internal readonly unsafe struct ChainSumAvx2 : IChainSumKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx2;

    public static int Rows => 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TTerm>(float* query, float** rows, int dimension, float* sums)
        where TTerm : struct, IPairTerm
    {
        var sum = Vector256<float>.Zero;
        var j = 0;
        for (; j + 4 <= dimension; j += 4)
        {
            // Each half of a vector is four components of a row; turned within the halves, each vector is one component of eight rows.
            var a = Load(rows, j);
            var b = Load(rows + 1, j);
            var c = Load(rows + 2, j);
            var d = Load(rows + 3, j);
            var abLow = Avx.UnpackLow(a, b);
            var cdLow = Avx.UnpackLow(c, d);
            var abHigh = Avx.UnpackHigh(a, b);
            var cdHigh = Avx.UnpackHigh(c, d);
            sum = TTerm.Add(Vector256.Create(query[j]), Avx.UnpackLow(abLow.AsDouble(), cdLow.AsDouble()).AsSingle(), sum);
            sum = TTerm.Add(Vector256.Create(query[j + 1]), Avx.UnpackHigh(abLow.AsDouble(), cdLow.AsDouble()).AsSingle(), sum);
            sum = TTerm.Add(Vector256.Create(query[j + 2]), Avx.UnpackLow(abHigh.AsDouble(), cdHigh.AsDouble()).AsSingle(), sum);
            sum = TTerm.Add(Vector256.Create(query[j + 3]), Avx.UnpackHigh(abHigh.AsDouble(), cdHigh.AsDouble()).AsSingle(), sum);
        }

        sum.Store(sums);
        ChainSums.Finish<TTerm>(query, rows, j, dimension, Rows, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(float** rows, int j) => Vector256.Create(Vector128.Load(rows[0] + j), Vector128.Load(rows[4] + j));
}

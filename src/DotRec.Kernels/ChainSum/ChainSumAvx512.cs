using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>512-bit vectors: sixteen rows, four components at a time.</summary>
internal readonly unsafe struct ChainSumAvx512 : IChainSumKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    public static int Rows => 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TTerm>(float* query, float** rows, int dimension, float* sums)
        where TTerm : struct, IPairTerm
    {
        var sum = Vector512<float>.Zero;
        var j = 0;
        for (; j + 4 <= dimension; j += 4)
        {
            // Each quarter of a vector is four components of a row; turned within the quarters, each vector is one component of sixteen rows.
            var a = Load(rows, j);
            var b = Load(rows + 1, j);
            var c = Load(rows + 2, j);
            var d = Load(rows + 3, j);
            var abLow = Avx512F.UnpackLow(a, b);
            var cdLow = Avx512F.UnpackLow(c, d);
            var abHigh = Avx512F.UnpackHigh(a, b);
            var cdHigh = Avx512F.UnpackHigh(c, d);
            sum = TTerm.Add(Vector512.Create(query[j]), Avx512F.UnpackLow(abLow.AsDouble(), cdLow.AsDouble()).AsSingle(), sum);
            sum = TTerm.Add(Vector512.Create(query[j + 1]), Avx512F.UnpackHigh(abLow.AsDouble(), cdLow.AsDouble()).AsSingle(), sum);
            sum = TTerm.Add(Vector512.Create(query[j + 2]), Avx512F.UnpackLow(abHigh.AsDouble(), cdHigh.AsDouble()).AsSingle(), sum);
            sum = TTerm.Add(Vector512.Create(query[j + 3]), Avx512F.UnpackHigh(abHigh.AsDouble(), cdHigh.AsDouble()).AsSingle(), sum);
        }

        sum.Store(sums);
        ChainSums.Finish<TTerm>(query, rows, j, dimension, Rows, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float** rows, int j)
    {
        var low = Vector512.Create(
            Vector256.Create(Vector128.Load(rows[0] + j), Vector128.Load(rows[4] + j)),
            Vector256.Create(Vector128.Load(rows[8] + j), Vector128.Load(rows[12] + j)));
        return low;
    }
}

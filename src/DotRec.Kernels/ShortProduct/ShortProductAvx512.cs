using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>512-bit vectors: a pair of all 16 rows at a time.</summary>
internal readonly unsafe struct ShortProductAvx512 : IShortProductKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(short* vector, int pairs, sbyte* panel, int* sums)
    {
        var (even, odd) = (Vector512<int>.Zero, Vector512<int>.Zero);
        var pair = (int*)vector;
        var p = 0;
        for (; p + 2 <= pairs; p += 2, panel += 2 * Vector512<short>.Count)
        {
            even += Multiply(pair[p], panel);
            odd += Multiply(pair[p + 1], panel + Vector512<short>.Count);
        }

        if (p < pairs)
        {
            even += Multiply(pair[p], panel);
        }

        (even + odd).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(short* vector, sbyte* row, int length)
    {
        var sum = Vector512<int>.Zero;
        var i = 0;
        for (; i + Vector512<short>.Count <= length; i += Vector512<short>.Count)
        {
            sum += Avx512BW.MultiplyAddAdjacent(Vector512.Load(vector + i), Avx512BW.ConvertToVector512Int16(Vector256.Load(row + i)));
        }

        var half = sum.GetLower() + sum.GetUpper();
        if (i < length)
        {
            half += Avx2.MultiplyAddAdjacent(Vector256.Load(vector + i), Avx2.ConvertToVector256Int16(Vector128.Load(row + i)));
        }

        return Vector256.Sum(half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Multiply(int pair, sbyte* rows) =>
        Avx512BW.MultiplyAddAdjacent(Vector512.Create(pair).AsInt16(), Avx512BW.ConvertToVector512Int16(Vector256.Load(rows)));
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>256-bit vectors: a pair of 8 rows at a time.</summary>
internal readonly unsafe struct ShortProductAvx2 : IShortProductKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels(short* vector, int pairs, sbyte* panels, nint stride, int count, int* sums)
    {
        for (var panel = 0; panel < count; panel++)
        {
            One(vector, pairs, panels + (panel * stride), sums + (panel * ShortProducts.Rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(short* vector, int pairs, sbyte* panel, int* sums)
    {
        var (low, high) = (Vector256<int>.Zero, Vector256<int>.Zero);
        var pair = (int*)vector;
        for (var p = 0; p < pairs; p++, panel += 2 * Vector256<short>.Count)
        {
            var both = Vector256.Create(pair[p]).AsInt16();
            low += Avx2.MultiplyAddAdjacent(both, Avx2.ConvertToVector256Int16(Vector128.Load(panel)));
            high += Avx2.MultiplyAddAdjacent(both, Avx2.ConvertToVector256Int16(Vector128.Load(panel + Vector256<short>.Count)));
        }

        low.Store(sums);
        high.Store(sums + Vector256<int>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(short* vector, sbyte* row, int length)
    {
        var sum = Vector256<int>.Zero;
        for (var i = 0; i < length; i += Vector256<short>.Count)
        {
            sum += Avx2.MultiplyAddAdjacent(Vector256.Load(vector + i), Avx2.ConvertToVector256Int16(Vector128.Load(row + i)));
        }

        return Vector256.Sum(sum);
    }
}

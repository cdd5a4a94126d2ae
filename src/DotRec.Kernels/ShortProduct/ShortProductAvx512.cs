using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>512-bit vectors: a pair of all 16 rows at a time.</summary>
internal readonly unsafe struct ShortProductAvx512 : IShortProductKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels(short* vector, int pairs, sbyte* panels, nint stride, int count, int* sums)
    {
        if (count == ShortProducts.Together)
        {
            Four(vector, pairs, panels, stride, sums);
            return;
        }

        for (var panel = 0; panel < count; panel++)
        {
            One(vector, pairs, panels + (panel * stride), sums + (panel * ShortProducts.Rows));
        }
    }

    // Four panels share what a pair of the vector is spread to.
    private static void Four(short* vector, int pairs, sbyte* panels, nint stride, int* sums)
    {
        var (a, b, c, d) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        var pair = (int*)vector;
        for (var p = 0; p < pairs; p++, panels += Vector512<short>.Count)
        {
            var both = Vector512.Create(pair[p]).AsInt16();
            a += Multiply(both, panels);
            b += Multiply(both, panels + stride);
            c += Multiply(both, panels + (2 * stride));
            d += Multiply(both, panels + (3 * stride));
        }

        a.Store(sums);
        b.Store(sums + ShortProducts.Rows);
        c.Store(sums + (2 * ShortProducts.Rows));
        d.Store(sums + (3 * ShortProducts.Rows));
    }

    private static void One(short* vector, int pairs, sbyte* panel, int* sums)
    {
        var (even, odd) = (Vector512<int>.Zero, Vector512<int>.Zero);
        var pair = (int*)vector;
        var p = 0;
        for (; p + 2 <= pairs; p += 2, panel += 2 * Vector512<short>.Count)
        {
            even += Multiply(Vector512.Create(pair[p]).AsInt16(), panel);
            odd += Multiply(Vector512.Create(pair[p + 1]).AsInt16(), panel + Vector512<short>.Count);
        }

        if (p < pairs)
        {
            even += Multiply(Vector512.Create(pair[p]).AsInt16(), panel);
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
    private static Vector512<int> Multiply(Vector512<short> pair, sbyte* rows) =>
        Avx512BW.MultiplyAddAdjacent(pair, Avx512BW.ConvertToVector512Int16(Vector256.Load(rows)));
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Isa = System.Runtime.Intrinsics.X86.Avx512BW;
using Vec = System.Runtime.Intrinsics.Vector512;
using VInt = System.Runtime.Intrinsics.Vector512<int>;
using VShort = System.Runtime.Intrinsics.Vector512<short>;

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
        var (a, b, c, d) = (VInt.Zero, VInt.Zero, VInt.Zero, VInt.Zero);
        var pair = (int*)vector;
        for (var p = 0; p < pairs; p++, panels += VShort.Count)
        {
            var both = Vec.Create(pair[p]).AsInt16();
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
        var (even, odd) = (VInt.Zero, VInt.Zero);
        var pair = (int*)vector;
        var p = 0;
        for (; p + 2 <= pairs; p += 2, panel += 2 * VShort.Count)
        {
            even += Multiply(Vec.Create(pair[p]).AsInt16(), panel);
            odd += Multiply(Vec.Create(pair[p + 1]).AsInt16(), panel + VShort.Count);
        }

        if (p < pairs)
        {
            even += Multiply(Vec.Create(pair[p]).AsInt16(), panel);
        }

        (even + odd).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(short* vector, sbyte* row, int length)
    {
        var sum = VInt.Zero;
        nint i = 0;
        for (; i + VShort.Count <= length; i += VShort.Count)
        {
            sum += Multiply(Vec.Load(vector + i), row + i);
        }

        var half = sum.GetLower() + sum.GetUpper();
        if (i < length)
        {
            half += Avx2.MultiplyAddAdjacent(Vector256.Load(vector + i), Avx2.ConvertToVector256Int16(Vector128.Load(row + i)));
        }

        return Vector256.Sum(half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static VInt Multiply(VShort vector, sbyte* rows) => Isa.MultiplyAddAdjacent(vector, Isa.ConvertToVector512Int16(Vector256.Load(rows)));
}

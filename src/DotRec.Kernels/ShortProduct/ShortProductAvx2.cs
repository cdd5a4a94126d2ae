using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Isa = System.Runtime.Intrinsics.X86.Avx2;
using Vec = System.Runtime.Intrinsics.Vector256;
using VInt = System.Runtime.Intrinsics.Vector256<int>;
using VShort = System.Runtime.Intrinsics.Vector256<short>;

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
        var (low, high) = (VInt.Zero, VInt.Zero);
        var pair = (int*)vector;
        for (var p = 0; p < pairs; p++, panel += 2 * VShort.Count)
        {
            var both = Vec.Create(pair[p]).AsInt16();
            low += Multiply(both, panel);
            high += Multiply(both, panel + VShort.Count);
        }

        low.Store(sums);
        high.Store(sums + VInt.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(short* vector, sbyte* row, int length)
    {
        var sum = VInt.Zero;
        for (nint i = 0; i < length; i += VShort.Count)
        {
            sum += Multiply(Vec.Load(vector + i), row + i);
        }

        return Vec.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static VInt Multiply(VShort vector, sbyte* rows) => Isa.MultiplyAddAdjacent(vector, Isa.ConvertToVector256Int16(Vector128.Load(rows)));
}

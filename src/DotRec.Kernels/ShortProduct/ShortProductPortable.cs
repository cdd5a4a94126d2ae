using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector128;
using VInt = System.Runtime.Intrinsics.Vector128<int>;
using VShort = System.Runtime.Intrinsics.Vector128<short>;

namespace DotRec.Kernels;

/// <summary>128-bit vectors: the two components of a pair are summed apart until the end.</summary>
internal readonly unsafe struct ShortProductPortable : IShortProductKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Portable;

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
        // Eight values are a pair of four rows.
        for (var first = 0; first < ShortProducts.Rows; first += 4)
        {
            var (low, high) = (VInt.Zero, VInt.Zero);
            var values = panel + (2 * first);
            for (var p = 0; p < pairs; p++, values += 2 * ShortProducts.Rows)
            {
                var both = Vec.Create(vector[2 * p], vector[(2 * p) + 1], vector[2 * p], vector[(2 * p) + 1]);
                var (lowRows, highRows) = Vec.Widen(Widen(values));
                low += both * lowRows;
                high += both * highRows;
            }

            (sums[first], sums[first + 1]) = (low[0] + low[1], low[2] + low[3]);
            (sums[first + 2], sums[first + 3]) = (high[0] + high[1], high[2] + high[3]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(short* vector, sbyte* row, int length)
    {
        var sum = VInt.Zero;
        for (nint i = 0; i < length; i += VShort.Count)
        {
            var (vectorLow, vectorHigh) = Vec.Widen(Vec.Load(vector + i));
            var (rowLow, rowHigh) = Vec.Widen(Widen(row + i));
            sum += (vectorLow * rowLow) + (vectorHigh * rowHigh);
        }

        return Vec.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static VShort Widen(sbyte* values) => Vec.WidenLower(Vec.CreateScalarUnsafe(*(long*)values).AsSByte());
}

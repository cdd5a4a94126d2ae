using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
            var (low, high) = (Vector128<int>.Zero, Vector128<int>.Zero);
            var values = panel + (2 * first);
            for (var p = 0; p < pairs; p++, values += 2 * ShortProducts.Rows)
            {
                var both = Vector128.Create(vector[2 * p], vector[(2 * p) + 1], vector[2 * p], vector[(2 * p) + 1]);
                var (lowRows, highRows) = Vector128.Widen(Widen(values));
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
        var sum = Vector128<int>.Zero;
        for (var i = 0; i < length; i += Vector128<short>.Count)
        {
            var (vectorLow, vectorHigh) = Vector128.Widen(Vector128.Load(vector + i));
            var (rowLow, rowHigh) = Vector128.Widen(Widen(row + i));
            sum += (vectorLow * rowLow) + (vectorHigh * rowHigh);
        }

        return Vector128.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Widen(sbyte* values) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)values).AsSByte());
}

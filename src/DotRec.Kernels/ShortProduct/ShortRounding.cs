using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>From float32 to the numbers of <see cref="ShortProducts"/>, and back from their sums. 256-bit vectors, the same bits on every processor.</summary>
internal static unsafe class ShortRounding
{
    /// <summary>
    /// Rounds the multiples of a vector's components by a factor to whole numbers, halves to even ones. Those beyond 16 bits are no numbers of it.
    /// </summary>
    /// <param name="vector">[D].</param>
    /// <param name="factor">What a component of 1 becomes.</param>
    /// <param name="rounded">[D or more], written: zeros behind D.</param>
    public static void Round(ReadOnlySpan<float> vector, float factor, Span<short> rounded)
    {
        var i = 0;
        for (; i + Vector256<short>.Count <= vector.Length; i += Vector256<short>.Count)
        {
            var low = Vector256.ConvertToInt32(Vector256.Round(Vector256.Create(vector[i..]) * factor));
            var high = Vector256.ConvertToInt32(Vector256.Round(Vector256.Create(vector[(i + Vector256<float>.Count)..]) * factor));
            Vector256.Narrow(low, high).CopyTo(rounded[i..]);
        }

        for (; i < vector.Length; i++)
        {
            rounded[i] = (short)MathF.Round(vector[i] * factor);
        }

        rounded[i..].Clear();
    }

    /// <summary>Products of the rows of one panel: their sums, each times the row's step and a unit.</summary>
    /// <param name="sums">[16].</param>
    /// <param name="steps">[16].</param>
    /// <param name="unit">The unit.</param>
    /// <param name="products">Written: 16 of them, or as many as there is room for.</param>
    public static void Scale(int* sums, float* steps, float unit, Span<float> products)
    {
        if (products.Length >= ShortProducts.Rows)
        {
            for (var row = 0; row < ShortProducts.Rows; row += Vector256<float>.Count)
            {
                (Vector256.ConvertToSingle(Vector256.Load(sums + row)) * Vector256.Load(steps + row) * unit).CopyTo(products[row..]);
            }

            return;
        }

        for (var row = 0; row < products.Length; row++)
        {
            products[row] = sums[row] * steps[row] * unit;
        }
    }
}

using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>
/// The tables of a query for <see cref="IPackedLookupKernel"/>: inner products with codewords, rounded to 0 … 63. 128-bit vectors, the same bits
/// wherever the processor can fuse.
/// </summary>
internal static unsafe class PackedLookupTables
{
    // Sums are 16-bit numbers, and each entry may have been rounded up by a half.
    private const int MaxSum = short.MaxValue;

    // What would take a sum of 1 to the greatest: the loop ends whatever the numbers are.
    private const int MaxShift = 14;

    // Products of smaller numbers mean nothing in float32.
    private const float MinRange = 1e-30f;

    /// <summary>
    /// Fills the tables: each entry is an inner product with a codeword, from the least of the subspace upwards, in steps that make the widest
    /// subspace 63 steps wide. The sum of any code's entries, less the offset and shifted, is a 16-bit number.
    /// </summary>
    /// <param name="codewords">[M, width, 16]: first components of the 16 codewords, then second components and so on.</param>
    /// <param name="subspaces">M.</param>
    /// <param name="width">Dimensions a subspace.</param>
    /// <param name="query">[M, width]; overwritten.</param>
    /// <param name="products">[M, 16], scratch.</param>
    /// <param name="lookup">Its tables, offset and shift are written.</param>
    /// <param name="spread">The root of the sum of the subspaces' squared widths, which tells how far inner products with codes spread.</param>
    /// <returns>
    /// What an inner product of 1 is in sums less the offset and shifted. Infinite, with tables of zeros, where all codes have the same product or
    /// some have none.
    /// </returns>
    public static double Fill(float* codewords, int subspaces, int width, float* query, float* products, PackedLookupQuery* lookup, out float spread)
    {
        var (minSum, maxSum, widest, squares) = (0f, 0f, 0f, 0f);
        for (var subspace = 0; subspace < subspaces; subspace++, codewords += width * PackedLookup.Codewords)
        {
            var (lower, upper) = Multiply(codewords, width, query + (width * subspace), products + (subspace * PackedLookup.Codewords));
            minSum += lower;
            maxSum += upper;
            widest = Math.Max(widest, upper - lower);
            squares += (upper - lower) * (upper - lower);

            // The lower end takes the place of the query's components, which are not needed again.
            query[width * subspace] = lower;
        }

        spread = MathF.Sqrt(squares);

        // False for NaN too, which a damaged file could bring about.
        if (!(widest >= MinRange))
        {
            new Span<byte>(lookup->Tables, subspaces * PackedLookup.Codewords).Clear();
            (lookup->Offset, lookup->Shift) = (0, 0);
            return double.PositiveInfinity;
        }

        var reach = Math.Max(Math.Abs(minSum), Math.Abs(maxSum));

        // Of so many entries that halves would add up to more than sums can hold, the lower end is taken.
        var half = subspaces < MaxSum / 2 ? 0.5f : 0;
        var rounding = (int)(subspaces * half) + 1;
        var steps = Math.Min(PackedLookup.MaxEntry / widest, (MaxSum - rounding) / reach);
        Round(query, width, products, subspaces, steps, half, lookup->Tables);
        lookup->Offset = (int)MathF.Round(-minSum * steps);
        lookup->Shift = 0;
        var most = ((double)reach * steps) + rounding;
        while (lookup->Shift < MaxShift && most * (2 << lookup->Shift) <= MaxSum)
        {
            lookup->Shift++;
        }

        return (double)steps * (1 << lookup->Shift);
    }

    // The inner products of one subspace; the least and the greatest of them.
    private static (float Min, float Max) Multiply(float* codewords, int width, float* components, float* products)
    {
        var min = Vector128.Create(float.PositiveInfinity);
        var max = -min;
        for (var i = 0; i < PackedLookup.Codewords; i += Vector128<float>.Count)
        {
            var product = components[0] * Vector128.Load(codewords + i);
            for (var j = 1; j < width; j++)
            {
                product = Vector128.MultiplyAddEstimate(Vector128.Create(components[j]), Vector128.Load(codewords + (j * PackedLookup.Codewords) + i), product);
            }

            product.Store(products + i);
            min = Vector128.MinNative(min, product);
            max = Vector128.MaxNative(max, product);
        }

        return (Min(min), -Min(-max));
    }

    private static float Min(Vector128<float> values)
    {
        var pair = Vector128.MinNative(values, Vector128.Shuffle(values, Vector128.Create(2, 3, 0, 1)));
        return Math.Min(pair[0], pair[1]);
    }

    private static void Round(float* lower, int width, float* products, int subspaces, float steps, float rounding, byte* tables)
    {
        var (scale, half) = (Vector128.Create(steps), Vector128.Create(rounding));
        for (var subspace = 0; subspace < subspaces; subspace++, products += PackedLookup.Codewords, tables += PackedLookup.Codewords)
        {
            var min = Vector128.Create(lower[width * subspace]);
            var first = Vector128.ConvertToInt32Native(((Vector128.Load(products) - min) * scale) + half);
            var second = Vector128.ConvertToInt32Native(((Vector128.Load(products + 4) - min) * scale) + half);
            var third = Vector128.ConvertToInt32Native(((Vector128.Load(products + 8) - min) * scale) + half);
            var fourth = Vector128.ConvertToInt32Native(((Vector128.Load(products + 12) - min) * scale) + half);
            Vector128.Narrow(Vector128.Narrow(first, second), Vector128.Narrow(third, fourth)).AsByte().Store(tables);
        }
    }
}

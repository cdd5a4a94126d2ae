using System.Runtime.Intrinsics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>The codewords of every subspace, and the tables a query makes of them for <see cref="PackedLookup"/>.</summary>
/// <param name="codewords">[M, width, 16]: first components of the 16 codewords, then second components and so on.</param>
/// <param name="subspaces">M.</param>
/// <param name="width">Dimensions a subspace.</param>
internal sealed unsafe class LookupTables(Section<float> codewords, int subspaces, int width = QuantizedItems.LeastBlockWidth)
{
    // Sums are 16-bit numbers, and each entry may have been rounded up by a half.
    private const int GreatestSum = short.MaxValue;

    // What would take a sum of 1 to the greatest: the loop ends whatever the numbers are.
    private const int GreatestShift = 14;

    // Products of smaller numbers mean nothing in float32.
    private const float LeastRange = 1e-30f;

    public Section<float> Codewords => codewords;

    /// <summary>Dimensions a subspace.</summary>
    public int Width => width;

    /// <summary>Values of <see cref="Codewords"/> for M subspaces.</summary>
    public static long Length(int subspaces, int width = QuantizedItems.LeastBlockWidth) => (long)subspaces * width * PackedLookup.Codewords;

    /// <summary>Arranges a codebook [M, 16, width].</summary>
    public static LookupTables Pack(QuantizedItems items, SectionAllocator allocator)
    {
        var tables = new LookupTables(allocator.Take<float>(Length(items.BlockCount, items.BlockWidth)), items.BlockCount, items.BlockWidth);
        for (var i = 0; i < items.Codebook.Length; i++)
        {
            tables.Codewords[tables.Place(i)] = items.Codebook[i];
        }

        return tables;
    }

    /// <summary>The codebook [M, 16, width] these were arranged from.</summary>
    public float[] ToCodebook()
    {
        var codebook = new float[codewords.Length];
        for (var i = 0; i < codebook.Length; i++)
        {
            codebook[i] = codewords[Place(i)];
        }

        return codebook;
    }

    /// <summary>
    /// Fills the tables of a query: each entry is its inner product with a codeword, from the least of the subspace upwards, in steps that make
    /// the widest subspace 63 steps wide.
    /// </summary>
    /// <param name="query">[M, width], zero behind its own width; overwritten.</param>
    /// <param name="products">[M, 16], scratch.</param>
    /// <param name="lookup">Its tables, offset and shift are written.</param>
    /// <param name="spread">How far inner products with codes, for a scale of 1, spread: the root of the sum of the subspaces' squared widths.</param>
    /// <returns>What one unit of the scan's values is worth, for a scale of 1.</returns>
    public float Fill(float* query, float* products, PackedLookupQuery* lookup, out float spread)
    {
        var (leastSum, greatestSum, widest, squares) = (0f, 0f, 0f, 0f);
        var codeword = codewords.Pointer(0, codewords.Length);
        for (var subspace = 0; subspace < subspaces; subspace++, codeword += width * PackedLookup.Codewords)
        {
            var components = query + (width * subspace);
            var least = Vector128.Create(float.PositiveInfinity);
            var greatest = -least;
            for (var i = 0; i < PackedLookup.Codewords; i += Vector128<float>.Count)
            {
                var product = components[0] * Vector128.Load(codeword + i);
                for (var j = 1; j < width; j++)
                {
                    product = Vector128.MultiplyAddEstimate(Vector128.Create(components[j]), Vector128.Load(codeword + (j * PackedLookup.Codewords) + i), product);
                }

                product.Store(products + (subspace * PackedLookup.Codewords) + i);
                least = Vector128.MinNative(least, product);
                greatest = Vector128.MaxNative(greatest, product);
            }

            var (lower, upper) = (Least(least), -Least(-greatest));
            leastSum += lower;
            greatestSum += upper;
            widest = Math.Max(widest, upper - lower);
            squares += (upper - lower) * (upper - lower);

            // The lower end takes the place of the query's components, which are not needed again.
            *components = lower;
        }

        spread = MathF.Sqrt(squares);

        // False for NaN too, which a damaged file could bring about.
        if (!(widest >= LeastRange))
        {
            new Span<byte>(lookup->Tables, subspaces * PackedLookup.Codewords).Clear();
            (lookup->Offset, lookup->Shift) = (0, 0);
            return 0;
        }

        var reach = Math.Max(Math.Abs(leastSum), Math.Abs(greatestSum));

        // Of so many entries that halves would add up to more than sums can hold, the lower end is taken.
        var half = subspaces < GreatestSum / 2 ? 0.5f : 0;
        var rounding = (int)(subspaces * half) + 1;
        var steps = Math.Min(PackedLookup.GreatestEntry / widest, (GreatestSum - rounding) / reach);
        Round(query, products, steps, half, lookup->Tables);
        lookup->Offset = (int)MathF.Round(-leastSum * steps);
        lookup->Shift = 0;
        var most = ((double)reach * steps) + rounding;
        while (lookup->Shift < GreatestShift && most * (2 << lookup->Shift) <= GreatestSum)
        {
            lookup->Shift++;
        }

        return (float)((1 << 15) / ((double)PackedCodes.ScaleOne * steps * (1 << lookup->Shift)));
    }

    // Where value i of a codebook is.
    private int Place(int i)
    {
        var (subspace, codeword, component) = (i / (PackedLookup.Codewords * width), i / width % PackedLookup.Codewords, i % width);
        return (((subspace * width) + component) * PackedLookup.Codewords) + codeword;
    }

    private static float Least(Vector128<float> values)
    {
        var pair = Vector128.MinNative(values, Vector128.Shuffle(values, Vector128.Create(2, 3, 0, 1)));
        return Math.Min(pair[0], pair[1]);
    }

    private void Round(float* lower, float* products, float steps, float rounding, byte* tables)
    {
        var (scale, half) = (Vector128.Create(steps), Vector128.Create(rounding));
        for (var subspace = 0; subspace < subspaces; subspace++, products += 16, tables += 16)
        {
            var least = Vector128.Create(lower[width * subspace]);
            var first = Vector128.ConvertToInt32Native(((Vector128.Load(products) - least) * scale) + half);
            var second = Vector128.ConvertToInt32Native(((Vector128.Load(products + 4) - least) * scale) + half);
            var third = Vector128.ConvertToInt32Native(((Vector128.Load(products + 8) - least) * scale) + half);
            var fourth = Vector128.ConvertToInt32Native(((Vector128.Load(products + 12) - least) * scale) + half);
            Vector128.Narrow(Vector128.Narrow(first, second), Vector128.Narrow(third, fourth)).AsByte().Store(tables);
        }
    }
}

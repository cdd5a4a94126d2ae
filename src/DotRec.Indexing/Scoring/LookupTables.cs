using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>The codewords of every subspace, and the tables a query makes of them for <see cref="PackedLookup"/>.</summary>
/// <param name="codewords">[M, width, 16]: first components of the 16 codewords, then second components and so on.</param>
/// <param name="subspaces">M.</param>
/// <param name="width">Dimensions a subspace.</param>
internal sealed unsafe class LookupTables(Section<float> codewords, int subspaces, int width = QuantizedItems.MinBlockWidth)
{
    public Section<float> Codewords => codewords;

    /// <summary>Dimensions a subspace.</summary>
    public int Width => width;

    /// <summary>Values of <see cref="Codewords"/> for M subspaces.</summary>
    public static long Length(int subspaces, int width = QuantizedItems.MinBlockWidth) => (long)subspaces * width * PackedLookup.Codewords;

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

    /// <summary>Fills the tables of a query, see <see cref="PackedLookupTables"/>.</summary>
    /// <param name="query">[M, width], zero behind its own width; overwritten.</param>
    /// <param name="products">[M, 16], scratch.</param>
    /// <param name="lookup">Its tables, offset and shift are written.</param>
    /// <param name="spread">How far inner products with codes, for a scale of 1, spread: the root of the sum of the subspaces' squared widths.</param>
    /// <returns>What one unit of the scan's values is worth, for a scale of 1.</returns>
    public float Fill(float* query, float* products, PackedLookupQuery* lookup, out float spread)
    {
        var unitsOfOne = PackedLookupTables.Fill(codewords.Pointer(0, codewords.Length), subspaces, width, query, products, lookup, out spread);
        return (float)((1 << 15) / (PackedCodes.ScaleOne * unitsOfOne));
    }

    // Where value i of a codebook is.
    private int Place(int i)
    {
        var (subspace, codeword, component) = (i / (PackedLookup.Codewords * width), i / width % PackedLookup.Codewords, i % width);
        return (((subspace * width) + component) * PackedLookup.Codewords) + codeword;
    }
}

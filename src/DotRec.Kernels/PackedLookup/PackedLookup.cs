using System.Diagnostics;

namespace DotRec.Kernels;

/// <summary>
/// The layout of 4-bit codes that every <see cref="IPackedLookupKernel"/> reads, in memory and in files. Items are in blocks of 128; a block has
/// one row of 64 bytes for each subspace, and byte 2t + p of a row (t in 0 … 31, p in 0 … 1) holds two codes:
/// <code>
///              byte 2t                      byte 2t + 1
///   low 4 bits    item t          (run 0)      item 32 + t   (run 1)
///   high 4 bits   item 64 + t     (run 2)      item 96 + t   (run 3)
/// </code>
/// Table lookups work on bytes and sums on 16-bit lanes. Taking the low or high nibbles of a row and then the even or odd bytes of the looked-up
/// values gives four vectors of 16-bit sums, and each is a run of 32 items in order: nothing is ever moved between lanes. A 512-bit vector is a
/// row; a 256-bit vector is half of one (16 items of every run); a 128-bit vector a quarter.
/// </summary>
internal static class PackedLookup
{
    /// <summary>Items of a block.</summary>
    public const int BlockItems = 128;

    /// <summary>Bytes of a row: one code of every item of a block.</summary>
    public const int RowBytes = BlockItems / 2;

    /// <summary>Codewords of a subspace, entries of its table.</summary>
    public const int Codewords = 16;

    /// <summary>Largest table entry: four of them are added in a byte.</summary>
    public const int MaxEntry = 63;

    /// <summary>Rows whose table entries are added in bytes before they are widened.</summary>
    public const int RowsAByte = 4;

    /// <summary>Most items of one scan: positions in it are 16-bit numbers.</summary>
    public const int MaxCount = 1 << 16;

    /// <summary>Blocks for so many items.</summary>
    public static int CountBlocks(int items) => (int)(((long)items + BlockItems - 1) / BlockItems);

    /// <summary>Puts up to 128 items' codes, [items, rows] with one code a byte, into a block; missing items get code 0.</summary>
    public static void Pack(ReadOnlySpan<byte> codes, int rows, Span<byte> block)
    {
        var items = codes.Length / rows;
        Debug.Assert(items <= BlockItems && block.Length == rows * RowBytes);
        block.Clear();
        for (var item = 0; item < items; item++)
        {
            Write(codes.Slice(item * rows, rows), item, block);
        }
    }

    /// <summary>Puts one item's codes, one a byte, into its place in a block, whatever was there.</summary>
    public static void Write(ReadOnlySpan<byte> codes, int item, Span<byte> block)
    {
        var (at, shift) = Place(item);
        for (var row = 0; row < codes.Length; row++)
        {
            Debug.Assert(codes[row] < Codewords);
            ref var pair = ref block[(row * RowBytes) + at];
            pair = (byte)((pair & ~((Codewords - 1) << shift)) | (codes[row] << shift));
        }
    }

    /// <summary>The code of one item of a block in one row.</summary>
    public static int Unpack(ReadOnlySpan<byte> block, int item, int row)
    {
        var (at, shift) = Place(item);
        return (block[(row * RowBytes) + at] >> shift) & (Codewords - 1);
    }

    private static (int Byte, int Shift) Place(int item) => ((2 * (item & 31)) + ((item >> 5) & 1), 4 * (item >> 6));
}

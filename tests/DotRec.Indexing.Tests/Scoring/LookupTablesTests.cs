using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed unsafe class LookupTablesTests
{
    private const int Subspaces = 2;
    private const int Width = 2;

    /// <summary>
    /// The query (5, −2 | 2, 1) and two codewords in each of its two subspaces. Entries are in steps of 1/9, for the widest subspace is 7 wide and
    /// its tables reach from 0 to 63; the sum of the lower ends, −2 + 0, is −18 of these steps, so the offset is 18.
    /// <code>
    ///   codeword       product    above the least    · 9
    ///   a = (1, 0)           5                  7     63
    ///   b = (0, 1)          −2                  0      0
    ///   c = (1, 1)           3                  3     27
    ///   d = (0, 0)           0                  0      0
    /// </code>
    /// Sums less the offset, as large as 72, may be doubled eight times before they would leave 16 bits. Codes and their inner products:
    /// <code>
    ///   a c   63 + 27 − 18 = 72 = 9 · ( 5 + 3)
    ///   a d   63 +  0 − 18 = 45 = 9 · ( 5 + 0)
    ///   b c    0 + 27 − 18 =  9 = 9 · (−2 + 3)
    ///   b d    0 +  0 − 18 = −18 = 9 · (−2 + 0)
    /// </code>
    /// </summary>
    [Fact]
    public void Tables_of_a_query_and_two_codewords_by_hand()
    {
        var (a, b, c, d) = ((1f, 0f), (0f, 1f), (1f, 1f), (0f, 0f));
        var tables = new byte[Subspaces * PackedLookup.Codewords];
        fixed (byte* table = tables)
        {
            var lookup = new PackedLookupQuery { Tables = table };
            var unit = Fill([5, -2, 2, 1], [a, b], [c, d], &lookup, out var spread);
            Assert.Equal([63, 0], tables[..2]);
            Assert.Equal([27, 0], tables[PackedLookup.Codewords..(PackedLookup.Codewords + 2)]);
            Assert.Equal((18, 8), (lookup.Offset, lookup.Shift));

            // A scale of 1 is stored as 32,767 and taken for 32,768ths.
            Assert.Equal(32768f / 32767 / (9 * 256), unit, 1e-9f);
            Assert.Equal(MathF.Sqrt((7 * 7) + (3 * 3)), spread, 1e-6f);

            // Of values that are rounded to whole units.
            Assert.Equal(8, Score(63 + 27, &lookup, unit), unit);
            Assert.Equal(5, Score(63, &lookup, unit), unit);
            Assert.Equal(1, Score(27, &lookup, unit), unit);
            Assert.Equal(-2, Score(0, &lookup, unit), unit);
        }
    }

    // What the scan makes of the sum of a code's entries where the scale is 1.
    private static float Score(int sum, PackedLookupQuery* lookup, float unit) =>
        (((((sum - lookup->Offset) << lookup->Shift) * PackedCodes.ScaleOne) + (1 << 14)) >> 15) * unit;

    // The other codewords are the second one again.
    private static float Fill(float[] query, (float X, float Y)[] first, (float X, float Y)[] second, PackedLookupQuery* lookup, out float spread)
    {
        var codewords = AllocatedMemory.New<float>(LookupTables.Length(Subspaces, Width));
        for (var i = 0; i < PackedLookup.Codewords; i++)
        {
            (codewords[i], codewords[PackedLookup.Codewords + i]) = first[Math.Min(i, 1)];
            (codewords[(2 * PackedLookup.Codewords) + i], codewords[(3 * PackedLookup.Codewords) + i]) = second[Math.Min(i, 1)];
        }

        var products = stackalloc float[Subspaces * PackedLookup.Codewords];
        fixed (float* vector = query)
        {
            return new LookupTables(codewords, Subspaces, Width).Fill(vector, products, lookup, out spread);
        }
    }
}

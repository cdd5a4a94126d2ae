using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>A query and codewords, and how tables for them must be in double precision.</summary>
/// <param name="Subspaces">M.</param>
/// <param name="Width">Dimensions a subspace.</param>
/// <param name="Query">[M, width].</param>
/// <param name="Codewords">[M, width, 16].</param>
internal sealed unsafe record PackedLookupTableCase(int Subspaces, int Width, float[] Query, float[] Codewords)
{
    private const int Entries = PackedLookup.Codewords;

    // From so many subspaces on entries are rounded down.
    private const int MaxRounded = short.MaxValue / 2;

    // What float32 may lose of sums over subspaces.
    private const double Near = 1e-4;

    private double EntryError => Subspaces < MaxRounded ? 0.5 : 1;

    public static PackedLookupTableCase Random(int subspaces, int width, int seed, bool heavyTailed) => new(
        subspaces, width, Values.Reals(subspaces * width, seed, heavyTailed), Values.Reals(subspaces * width * Entries, seed + 1));

    public static PackedLookupTableCase Alike(int subspaces, int width, float value) => new(
        subspaces, width, Values.Reals(subspaces * width, 1), Enumerable.Repeat(value, subspaces * width * Entries).ToArray());

    public void Check(Placement placement)
    {
        var (tables, offset, shift, units, spread) = Fill(placement);
        var steps = units / (1 << shift);
        double minSum = 0, maxSum = 0, widest = 0, squares = 0;
        var most = 0;
        for (var subspace = 0; subspace < Subspaces; subspace++)
        {
            var products = Enumerable.Range(0, Entries).Select(codeword => Product(subspace, codeword)).ToArray();
            var entries = tables[(subspace * Entries)..((subspace + 1) * Entries)];
            var (least, greatest) = (products.Min(), products.Max());
            Assert.All(entries.Zip(products), pair => Assert.InRange(pair.First - ((pair.Second - least) * steps), -EntryError - 1e-4, EntryError + 1e-4));
            Assert.Equal(0, entries.Min());
            Assert.InRange(entries.Max(), 0, PackedLookup.MaxEntry);
            most += entries.Max();
            (minSum, maxSum) = (minSum + least, maxSum + greatest);
            (widest, squares) = (Math.Max(widest, greatest - least), squares + ((greatest - least) * (greatest - least)));
        }

        var (reach, rounding) = (Math.Max(Math.Abs(minSum), Math.Abs(maxSum)), (Subspaces * EntryError) + 1);
        AssertNear(Math.Min(PackedLookup.MaxEntry / widest, (short.MaxValue - Math.Floor(Subspaces < MaxRounded ? rounding : 1)) / reach), steps);
        AssertNear(Math.Sqrt(squares), spread);
        Assert.InRange(offset + (minSum * steps), -0.6 - (reach * steps * Near), 0.6 + (reach * steps * Near));

        // The least sum is 0: every one, less the offset and shifted, is a 16-bit number; and no longer one if shifted once more.
        Assert.InRange(-offset << shift, -short.MaxValue, short.MaxValue);
        Assert.InRange((most - offset) << shift, -short.MaxValue, short.MaxValue);
        Assert.InRange(((reach * steps) + rounding) * (2 << shift), short.MaxValue * (1 - Near), double.PositiveInfinity);
    }

    public (byte[] Tables, int Offset, int Shift, double Units, float Spread) Fill(Placement placement)
    {
        using KernelBuffer<float> codewords = new(Codewords, placement), query = new(Query, placement), products = new(Subspaces * Entries, placement);
        using KernelBuffer<byte> tables = new(Subspaces * Entries, placement);
        tables.Values.Fill(0xEE);
        var lookup = new PackedLookupQuery { Tables = tables.Pointer };
        var units = PackedLookupTables.Fill(codewords.Pointer, Subspaces, Width, query.Pointer, products.Pointer, &lookup, out var spread);
        return (tables.Values.ToArray(), lookup.Offset, lookup.Shift, units, spread);
    }

    private static void AssertNear(double expected, double actual) => Assert.InRange(actual, expected * (1 - Near), expected * (1 + Near));

    private double Product(int subspace, int codeword) =>
        Enumerable.Range(0, Width).Sum(j => (double)Query[(subspace * Width) + j] * Codewords[(((subspace * Width) + j) * Entries) + codeword]);
}

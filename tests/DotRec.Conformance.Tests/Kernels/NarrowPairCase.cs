using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>A vector, a row in fewer bits, and what double precision makes of them.</summary>
internal sealed unsafe record NarrowPairCase(float[] Vector, float[] Origin, ushort[] Half, sbyte[] Codes, float Step)
{
    /// <summary>Roundings of a term: of the row's component, the difference and the multiply-add; and those of lanes added up.</summary>
    private const int Roundings = 8;

    /// <summary>What the rows stand for.</summary>
    public float[] Wide => Array.ConvertAll(Half, NarrowPairSums.Widen);

    public float[] Stepped => Array.ConvertAll(Codes, code => code * Step);

    public float[] Moved => [.. Codes.Zip(Origin, (code, start) => float.MultiplyAddEstimate(code, Step, start))];

    private int Length => Vector.Length;

    /// <summary>Small whole numbers: every partial sum is exact.</summary>
    public static NarrowPairCase Integers(int length) => Of(length, Values.Integers, 2);

    public static NarrowPairCase Reals(int length) => Of(length, (count, seed) => Values.Reals(count, seed), 0.0173f);

    public void CheckExact(Placement placement)
    {
        using KernelBuffer<float> vector = new(Vector, placement), origin = new(Origin, placement);
        using KernelBuffer<ushort> half = new(Half, placement);
        using KernelBuffer<sbyte> codes = new(Codes, placement);
        Assert.Equal(Product(Wide), NarrowPairSums.Sum<ProductTerm>(vector.Pointer, half.Pointer, Length));
        Assert.Equal(Product(Stepped), NarrowPairSums.Sum<ProductTerm>(vector.Pointer, codes.Pointer, Step, Length));
        Assert.Equal(Product(Moved), NarrowPairSums.Sum<ProductTerm>(vector.Pointer, origin.Pointer, codes.Pointer, Step, Length));
        Assert.Equal(Distance(Wide), NarrowPairSums.Sum<SquaredDifferenceTerm>(vector.Pointer, half.Pointer, Length));
        Assert.Equal(Distance(Stepped), NarrowPairSums.Sum<SquaredDifferenceTerm>(vector.Pointer, codes.Pointer, Step, Length));
        Assert.Equal(Distance(Moved), NarrowPairSums.Sum<SquaredDifferenceTerm>(vector.Pointer, origin.Pointer, codes.Pointer, Step, Length));
    }

    public void CheckRounded()
    {
        fixed (float* vector = Vector, origin = Origin)
        fixed (ushort* half = Half)
        fixed (sbyte* codes = Codes)
        {
            Check(Wide, NarrowPairSums.Sum<ProductTerm>(vector, half, Length), NarrowPairSums.Sum<SquaredDifferenceTerm>(vector, half, Length));
            Check(
                Stepped, NarrowPairSums.Sum<ProductTerm>(vector, codes, Step, Length), NarrowPairSums.Sum<SquaredDifferenceTerm>(vector, codes, Step, Length));
            Check(
                Moved,
                NarrowPairSums.Sum<ProductTerm>(vector, origin, codes, Step, Length),
                NarrowPairSums.Sum<SquaredDifferenceTerm>(vector, origin, codes, Step, Length));
        }
    }

    private static NarrowPairCase Of(int length, Func<int, int, float[]> draw, float step) => new(
        draw(length, 1),
        draw(length, 2),
        Array.ConvertAll(draw(length, 3), value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
        Array.ConvertAll(Values.Integers(length, 4), value => (sbyte)(value * 3)),
        step);

    private void Check(float[] row, float product, float distance)
    {
        var bound = Rounding.Gamma(Length + Roundings);
        Assert.InRange(Math.Abs(product - Product(row)), 0, bound * Vector.Zip(row, (x, y) => Math.Abs((double)x * y)).Sum());
        Assert.InRange(Math.Abs(distance - Distance(row)), 0, bound * Distance(row));
    }

    private double Product(float[] row) => Vector.Zip(row, (x, y) => (double)x * y).Sum();

    private double Distance(float[] row) => Vector.Zip(row, (x, y) => ((double)x - y) * ((double)x - y)).Sum();
}

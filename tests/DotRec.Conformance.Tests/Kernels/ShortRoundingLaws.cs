using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

[Trait(KernelLaws.TraitName, KernelLaws.TraitValue)]
public sealed class ShortRoundingLaws
{
    [Fact]
    public void Components_are_rounded_to_the_nearest_even_where_halfway_and_followed_by_zeros()
    {
        for (var length = 0; length <= 100; length++)
        {
            Check(Values.Reals(length, length), ShortProducts.One, length % 5, Placement.CacheLine);

            // Halves.
            Check(Values.Integers(length, length), 0.5f, length % 5, Placement.CacheLine);
        }
    }

    [Fact]
    public void Products_of_a_panel_are_those_of_one_row_at_a_time_wherever_it_ends()
    {
        for (var count = 0; count <= ShortProducts.Rows + 3; count++)
        {
            CheckScale(count, Placement.CacheLine);
        }
    }

    internal static void Check(float[] vector, float factor, int behind, Placement placement)
    {
        using KernelBuffer<float> source = new(vector, placement);
        using KernelBuffer<short> rounded = new(vector.Length + behind, placement);
        rounded.Values.Fill(-7);
        ShortRounding.Round(source.Values, factor, rounded.Values);
        Assert.Equal([.. vector.Select(value => (short)Math.Round((double)(value * factor))), .. new short[behind]], rounded.Values.ToArray());
    }

    internal static unsafe void CheckScale(int count, Placement placement)
    {
        using KernelBuffer<int> sums = new(Array.ConvertAll(Values.Integers(ShortProducts.Rows, 1), value => (int)value * 1_000_003), placement);
        using KernelBuffer<float> steps = new(Values.Reals(ShortProducts.Rows, 2), placement), products = new(count, placement);
        products.Values.Fill(9);
        ShortRounding.Scale(sums.Pointer, steps.Pointer, 0.3f, products.Values);
        for (var row = 0; row < count; row++)
        {
            Assert.Equal(row < ShortProducts.Rows ? sums.Values[row] * steps.Values[row] * 0.3f : 9, products.Values[row]);
        }
    }
}

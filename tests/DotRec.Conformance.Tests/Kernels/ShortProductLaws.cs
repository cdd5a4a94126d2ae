using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class ShortProductPortableLaws() : ShortProductLaws(ShortProductVariant.Of<ShortProductPortable>());

public sealed class ShortProductAvx2Laws() : ShortProductLaws(ShortProductVariant.Of<ShortProductAvx2>());

public sealed class ShortProductAvx512Laws() : ShortProductLaws(ShortProductVariant.Of<ShortProductAvx512>());

internal unsafe delegate void PanelProduct(short* vector, int pairs, sbyte* panels, nint stride, int count, int* sums);

internal unsafe delegate int RowProduct(short* vector, sbyte* row, int length);

internal sealed record ShortProductVariant(Type Kernel, InstructionSet InstructionSet, PanelProduct Panels, RowProduct Row)
{
    public static unsafe ShortProductVariant Of<TKernel>()
        where TKernel : struct, IShortProductKernel => new(typeof(TKernel), TKernel.InstructionSet, TKernel.Panels, TKernel.Row);
}

public abstract unsafe class ShortProductLaws : KernelLaws
{
    private const int LongestLength = 100;
    private readonly ShortProductVariant _variant;

    private protected ShortProductLaws(ShortProductVariant variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Fact]
    public void Panels_are_exact_at_every_width()
    {
        NeedsInstructionSet();
        for (var dimension = 1; dimension <= LongestLength; dimension++)
        {
            CheckPanel(
                dimension, Draw(dimension, dimension, 3000),
                Bytes((1 + (dimension % (ShortProducts.Together * ShortProducts.Rows))) * dimension, dimension + 1));
        }
    }

    [Fact]
    public void Vectors_of_length_one_reach_their_greatest_products_without_overflow()
    {
        NeedsInstructionSet();
        foreach (var dimension in new[] { 1, 2, 7, 64, 1536, 8192 })
        {
            // All of the vector in one component, and spread evenly, with one sign and with both; rows as long as they can be.
            var even = (short)(ShortProducts.One / Math.Sqrt(dimension));
            var alternating = Enumerable.Range(0, dimension).Select(i => i % 2 == 0 ? even : (short)-even).ToArray();
            var one = Enumerable.Range(0, dimension).Select(i => i == dimension / 2 ? (short)ShortProducts.One : (short)0).ToArray();
            sbyte[] rows =
            [
                .. Enumerable.Repeat((sbyte)127, dimension), .. Enumerable.Repeat((sbyte)-127, dimension), .. alternating.Select(
                    value => (sbyte)(127 * Math.Sign(value))),
            ];
            CheckPanel(dimension, one, rows);
            CheckPanel(dimension, [.. Enumerable.Repeat(even, dimension)], rows);
            CheckPanel(dimension, alternating, rows);
        }
    }

    [Fact]
    public void Rows_of_bytes_are_exact_at_every_length()
    {
        NeedsInstructionSet();
        for (var length = 0; length <= 20 * ShortProducts.Step; length += ShortProducts.Step)
        {
            var (vector, row) = (Draw(length, length, 3000), Bytes(length, length + 1));
            fixed (short* first = vector)
            fixed (sbyte* second = row)
            {
                Assert.Equal(vector.Zip(row, (x, y) => (long)x * y).Sum(), _variant.Row(first, second, length));
            }
        }
    }

    private void CheckPanel(int dimension, short[] vector, sbyte[] rows)
    {
        // Panels with something between them, which is not looked at.
        const int Gap = 64;
        var (pairs, panelValues) = (ShortProducts.Pairs(dimension), ShortProducts.Rows * dimension);
        var (count, stride) = ((rows.Length + panelValues - 1) / panelValues, ShortProducts.PanelBytes(dimension) + Gap);
        var panels = new sbyte[count * stride];
        Array.Fill(panels, (sbyte)-3);
        var expected = new int[count * ShortProducts.Rows];
        for (var panel = 0; panel < count; panel++)
        {
            var part = rows.AsSpan(panel * panelValues, Math.Min(panelValues, rows.Length - (panel * panelValues)));
            ShortProducts.Pack(part, dimension, panels.AsSpan(panel * stride, ShortProducts.PanelBytes(dimension)));
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var row = i / dimension;
            Assert.Equal(rows[i], panels[(row / ShortProducts.Rows * stride) + ShortProducts.Place(row % ShortProducts.Rows, i % dimension)]);
            expected[row] = checked(expected[row] + (vector[i % dimension] * rows[i]));
        }

        var sums = new int[expected.Length];
        short[] padded = [.. vector, .. new short[(2 * pairs) - dimension]];
        fixed (short* first = padded)
        fixed (sbyte* second = panels)
        fixed (int* third = sums)
        {
            _variant.Panels(first, pairs, second, stride, count, third);
        }

        Assert.Equal(expected, sums);
    }

    private static short[] Draw(int length, int seed, int greatest)
    {
        var random = new SeededRandom((ulong)seed);
        return [.. Enumerable.Range(0, length).Select(_ => (short)(random.NextInt((2 * greatest) + 1) - greatest))];
    }

    private static sbyte[] Bytes(int length, int seed) => Array.ConvertAll(Draw(length, seed, 127), value => (sbyte)value);
}

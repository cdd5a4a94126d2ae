using CsCheck;
using DotRec.Autodiff.Tests.Laws;

namespace DotRec.Autodiff.Tests.Shapes;

/// <summary>Broadcasting on random shapes: up to five axes, sizes 0 to 4, each operand lacking leading axes or having size 1 anywhere.</summary>
public sealed class BroadcastProperties
{
    private static readonly Gen<(int[] X, int[] Y, int[] Mask)> Shapes =
        Gen.Int[0, 4].Array[0, 5].SelectMany(full => Gen.Select(Operand(full), Operand(full), Operand(full)));

    [Fact]
    public void Sums_and_their_gradients_follow_numpy_s_rule() => Shapes.Sample(shapes =>
    {
        var (x, y) = (Given.Ramp(shapes.X), Given.Ramp(shapes.Y));
        x.RequiresGradient = y.RequiresGradient = true;
        var product = x * y;
        var expected = NdArray.Zip(Double(x), Double(y), (a, b) => a * b);
        Assert.Equal(expected.Shape, product.Shape.ToArray());
        Assert.Equal(expected.Values, Double(product).Values);

        // The gradient of Σ (x·y)ᵢ·wᵢ with respect to x is the product w·y, summed over the axes x was broadcast along.
        var w = Given.Ramp(product.Shape.ToArray());
        Tensor.Backward((product, w.Values.ToArray()));
        Assert.Equal(SumTo(NdArray.Zip(Double(w), Double(y), (a, b) => a * b), shapes.X), Double(x.Gradient!).Values);
        Assert.Equal(SumTo(NdArray.Zip(Double(w), Double(x), (a, b) => a * b), shapes.Y), Double(y.Gradient!).Values);
    });

    [Fact]
    public void Where_broadcasts_all_three() => Shapes.Sample(shapes =>
    {
        var (x, y) = (Given.Ramp(shapes.X), -Given.Ramp(shapes.Y));
        var flags = Double(Given.Ramp(shapes.Mask)).Map(v => v % 2);
        var mask = Mask.From(Array.ConvertAll(flags.Values, v => v == 1), shapes.Mask);
        x.RequiresGradient = true;

        var chosen = Tensor.Where(mask, x, y);
        var expected = NdArray.Zip(
            NdArray.Zip(flags, Double(x), (m, v) => m == 1 ? v : double.NaN),
            NdArray.Zip(flags, Double(y), (m, v) => m == 1 ? double.NaN : v),
            (a, b) => double.IsNaN(a) ? b : a);
        Assert.Equal(expected.Shape, chosen.Shape.ToArray());
        Assert.Equal(expected.Values, Double(chosen).Values);

        Tensor.Backward((chosen, Enumerable.Repeat(1f, chosen.Length).ToArray()));
        Assert.Equal(SumTo(NdArray.Zip(flags, expected, (m, _) => m), shapes.X), Double(x.Gradient!).Values);
    });

    [Fact]
    public void Shapes_that_do_not_fit_are_refused() =>
        Gen.Select(Gen.Int[0, 4].Array[0, 5], Gen.Int[0, 4].Array[0, 5]).Sample((x, y) =>
        {
            var fits = x.Reverse().Zip(y.Reverse()).All(pair => pair.First == pair.Second || pair.First == 1 || pair.Second == 1);
            var error = Record.Exception(() => Tensor.Zeros(x) + Tensor.Zeros(y));
            Assert.Equal(fits, error is null);
            Assert.True(fits || error is ShapeException, $"{error}");
        });

    [Fact]
    public void Products_of_random_sizes_equal_the_oracle() =>
        Gen.Select(Gen.Int[0, 3].Array[0, 2], Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 6], Gen.Bool, Gen.Bool, Gen.Bool).Sample(
            (batch, m, n, k, transposeLeft, transposeRight, shares) =>
        {
            int[] left = [.. batch, .. transposeLeft ? new[] { k, m } : [m, k]];
            int[] right = [.. shares ? [] : batch, .. transposeRight ? new[] { n, k } : [k, n]];
            var (a, b) = (Given.Ramp(left), Given.Ramp(right));
            a.RequiresGradient = b.RequiresGradient = true;
            var product = a.MatMul(b, transposeLeft, transposeRight);
            var expected = NdArray.MatMul(Double(a), Double(b), transposeLeft, transposeRight);
            Assert.Equal(expected.Shape, product.Shape.ToArray());
            Assert.Equal(expected.Values, Double(product).Values);

            // ∂ Σ AB / ∂A is the sum of B's row, repeated; checked by the identity Σ A·∂A = Σ AB (the product is linear in A).
            Tensor.Backward((product, Enumerable.Repeat(1f, product.Length).ToArray()));
            Assert.Equal(expected.Values.Sum(), Dot(a), 1e-3);
            Assert.Equal(expected.Values.Sum(), Dot(b), 1e-3);
        });

    private static Gen<int[]> Operand(int[] full) =>
        Gen.Select(Gen.Int[0, full.Length], Gen.Bool.Array[full.Length]).Select((missing, isOne) =>
            full.Select((size, axis) => isOne[axis] ? 1 : size).Skip(missing).ToArray());

    private static NdArray Double(Tensor tensor) => NdArray.Of(tensor.Values, tensor.Shape);

    private static double Dot(Tensor tensor) => Double(tensor).Values.Zip(Double(tensor.Gradient!).Values, (x, y) => x * y).Sum();

    private static double[] SumTo(NdArray array, int[] shape)
    {
        var sums = new double[shape.Aggregate(1, (x, y) => x * y)];
        var places = NdArray.Zip(array, new NdArray([.. Enumerable.Range(0, sums.Length).Select(i => (double)i)], shape), (_, place) => place);
        for (var i = 0; i < array.Values.Length; i++)
        {
            sums[(int)places.Values[i]] += array.Values[i];
        }

        return sums;
    }
}

using DotRec.Data;

namespace DotRec.Features.Tests;

public sealed class NumberLayerTests
{
    [Fact]
    public void Normalized_data_have_mean_zero_and_variance_one()
    {
        var data = Numbers(3, 5, 7, 9, 11, float.NaN);
        var layer = new Normalization("x", data);

        // 3 5 7 9 11: mean 7, squares 16 + 4 + 0 + 4 + 16 = 40, variance 8; the missing number does not count.
        Assert.Equal((7.0, 8.0), (layer.Mean, layer.Variance));
        Assert.Equal([(float)(-4 / Math.Sqrt(8)), 0, 0], layer.Encode(Numbers(3, 7, float.NaN)).Values.ToArray());
        Assert.Equal([(float)(-7 / Math.Sqrt(8))], new Normalization("x", data, whenMissing: 0).Encode(Numbers(float.NaN)).Values.ToArray());
        Assert.Equal("Normalization(\"x\"): mean 7, deviation 2.82843", layer.ToString());
    }

    [Fact]
    public void Logarithms_are_scaled_and_missing_numbers_are_marked()
    {
        // ln(1 + |x|) of e - 1, e^3 - 1 and 0 is 1, 3 and 0; of their opposites, the opposites.
        var (one, three) = ((float)(Math.E - 1), (float)(Math.Exp(3) - 1));
        var layer = new Normalization("x", Numbers(one, three, float.NaN), logarithmic: true, missingIndicator: true);
        Assert.Equal(2, layer.Mean, 1e-6);
        Assert.Equal(1, layer.Variance, 1e-6);
        var values = layer.Encode(Numbers(one, float.NaN, 0, -three)).Values.ToArray();
        float[] expected = [-1, 0, 0, 1, -2, 0, -5, 0];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], values[i], 1e-5f);
        }

        Assert.Equal(EncodedSchema.Numbers(2), layer.Output);
        Assert.EndsWith("missing ones marked", layer.ToString(), StringComparison.Ordinal);
        var instead = new Normalization("x", Numbers(one, three), whenMissing: three, logarithmic: true).Encode(Numbers(float.NaN));
        Assert.Equal(1, instead.Values.Span[0], 1e-5f);
    }

    [Fact]
    public void Timestamps_lose_no_digits()
    {
        // float32 holds timestamps of 2026 to 128 s only; one second must stay one second.
        var data = new FeatureBatch(new Column<long>("x", [.. Enumerable.Range(0, 61).Select(second => 1_790_000_000L + second)]));
        var values = new Normalization("x", data).Encode(data).Values.ToArray();
        var step = 1 / Math.Sqrt(((61.0 * 61) - 1) / 12);
        for (var second = 0; second < values.Length; second++)
        {
            Assert.Equal((second - 30) * step, values[second], 1e-6);
        }
    }

    [Fact]
    public void A_column_that_was_constant_is_0_whatever_comes_later()
    {
        var layer = new Normalization("x", Numbers([.. Enumerable.Repeat(0.1f, 1000)]), missingIndicator: true);
        Assert.Equal(0, layer.Variance);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 1], layer.Encode(Numbers(0.1f, 1, float.MaxValue, float.NaN)).Values.ToArray());
        Assert.Equal([float.PositiveInfinity, 0], layer.Encode(Numbers(float.PositiveInfinity)).Values.ToArray());
        var integers = new Normalization("x", new FeatureBatch(new Column<long>("x", [7, 7])));
        Assert.Equal([0, 0], integers.Encode(new FeatureBatch(new Column<long>("x", [long.MinValue, long.MaxValue]))).Values.ToArray());
        Assert.Equal([-3f], new Normalization("x", mean: 4, variance: 0).Encode(Numbers(1)).Values.ToArray());
    }

    [Fact]
    public void A_given_mean_survives_adapting()
    {
        var layer = new Normalization("x", mean: 1, variance: 4);
        layer.Adapt(new FeatureBatch(new Column<long>("x", [100, 200])));
        Assert.Equal((1.0, 4.0), (layer.Mean, layer.Variance));
        Assert.Equal(ColumnType.Int64, layer.Inputs[0].Type);
    }

    [Fact]
    public void Numeric_passes_numbers_and_fills_in_the_missing()
    {
        Assert.Equal([-1, float.MaxValue, 5, float.PositiveInfinity], new Numeric("x", Numbers(0), whenMissing: 5)
            .Encode(Numbers(-1, float.MaxValue, float.NaN, float.PositiveInfinity)).Values.ToArray());
        Assert.Equal("Numeric(\"x\"): missing = 0", new Numeric("x").ToString());
        Assert.False(new Numeric("x").IsAdapted);
    }

    [Fact]
    public void Bins_are_those_of_Keras()
    {
        // The example of Keras' documentation of Discretization.
        var layer = new Discretization("x", boundaries: [0, 1, 2]);
        Assert.Equal([0, 2, 3, 1, 1, 3, 2, 1], layer.Encode(Numbers(-1.5f, 1.0f, 3.4f, .5f, 0.0f, 3.0f, 1.3f, 0.0f)).Values.ToArray());
        Assert.Equal([0, 0, 3], layer.Encode(Numbers(float.NaN, float.NegativeInfinity, float.PositiveInfinity)).Values.ToArray());
        Assert.Equal([4], new Discretization("x", [0, 1, 2], missingBin: true).Encode(Numbers(float.NaN)).Values.ToArray());
        Assert.Equal("Discretization(\"x\"): 5 bins, the last for missing numbers", new Discretization("x", [0, 1, 2], missingBin: true).ToString());
    }

    [Fact]
    public void Quantile_bins_hold_equally_many_and_equal_width_bins_are_equally_wide()
    {
        var skewed = Numbers([.. Enumerable.Range(0, 1000).Select(i => i * i / 1000f)]);
        var quantiles = new Discretization("x", skewed, bins: 10);
        Assert.All(quantiles.Encode(skewed).Values.ToArray().CountBy(bin => bin), bin => Assert.InRange(bin.Value, 99, 101));

        var widths = new Discretization("x", Numbers(0, 8, 3), bins: 4, BinPlacement.EqualWidth);
        Assert.Equal([2.0, 4, 6], widths.Boundaries);

        // Half of the numbers are equal: quantiles that fall on them are one boundary.
        var ties = new Discretization("x", Numbers(0, 1, 1, 1, 1, 1, 2, 3), bins: 8);
        Assert.Equal(ties.Boundaries.Distinct(), ties.Boundaries);
        Assert.True(ties.Cardinality < 8);
        Assert.Equal(1, new Discretization("x", Numbers(4, 4, 4), bins: 8).Cardinality);
    }

    [Fact]
    public void Bad_numbers_are_refused()
    {
        Refusal.Of(() => new Normalization("x", Numbers(1, 2, float.NegativeInfinity)), "cannot adapt: row 2 of column 'x' is -infinity. Remove or clip it.");
        Refusal.Of(() => new Discretization("x", Numbers(float.NaN, float.NaN), bins: 2), "every value of column 'x' is missing (NaN).");
        Refusal.Of(() => new Normalization("x", new FeatureBatch(new Column<string>("x", ["1"]))), "reads Float32, Float64 or Int64 columns; column 'x' holds String values.");
        Refusal.Of(() => new Normalization("x", new FeatureBatch(new Column<float>("x", [1], [0, 1]))), "reads one value a row; column 'x' holds a list of values a row.");
        Refusal.Of(() => new Normalization("x", double.NaN, 1), "the mean is NaN; expected a finite number.");
        Refusal.Of(() => new Normalization("x", 0, -1), "the variance is -1; expected a finite number of at least 0.");
        Refusal.Of(() => new Normalization("x", whenMissing: double.PositiveInfinity), "whenMissing is Infinity; expected a finite number, or null for the mean.");
        Refusal.Of(() => new Numeric("x", whenMissing: float.NaN), "whenMissing is NaN; expected a finite number.");
        Refusal.Of(() => new Discretization("x", bins: 0), "bins is 0; expected 1 to 16,777,216.");
        Refusal.Of(() => new Discretization("x", [0, 2, 2]), "boundaries must rise, but boundary 2 is 2 after 2. Sort them and remove repeats.");
        Refusal.Of(() => new Discretization("x", [0, double.PositiveInfinity]), "boundary 1 is Infinity; expected finite numbers.");
    }

    private static FeatureBatch Numbers(params float[] values) => new(new Column<float>("x", values));
}

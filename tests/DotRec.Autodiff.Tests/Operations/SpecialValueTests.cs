namespace DotRec.Autodiff.Tests.Operations;

/// <summary>Infinities, NaN, zeros, ties and nothing at all.</summary>
public sealed class SpecialValueTests
{
    private const float Infinity = float.PositiveInfinity;

    [Fact]
    public void Log_sum_exp_neither_overflows_nor_underflows()
    {
        Assert.Equal(1000 + MathF.Log(2), Tensor.From([1000, 1000], 2).LogSumExp().Scalar);
        Assert.Equal(-1000 + MathF.Log(2), Tensor.From([-1000, -1000], 2).LogSumExp().Scalar);
        Assert.Equal(5, Tensor.From([-Infinity, 5], 2).LogSumExp().Scalar);
        Assert.Equal(-Infinity, Tensor.From([-Infinity, -Infinity], 2).LogSumExp().Scalar);
        Assert.Equal(Infinity, Tensor.From([Infinity, 0], 2).LogSumExp().Scalar);
        Assert.Equal(-Infinity, Tensor.Zeros(0).LogSumExp().Scalar);
        Assert.Equal(float.NaN, Tensor.From([float.NaN, 0], 2).LogSumExp().Scalar);
    }

    [Fact]
    public void A_row_of_masked_scores_has_no_gradient_rather_than_NaN()
    {
        var x = Leaf(-Infinity, -Infinity);
        x.LogSumExp().Backward();
        Assert.Equal([0f, 0], x.Gradient!.Values.ToArray());
    }

    [Fact]
    public void Softmax_is_stable()
    {
        Assert.Equal([0.5f, 0.5f, 0], Tensor.From([1000, 1000, -1000], 3).Softmax().Values.ToArray());
        Assert.Equal([0f, 1], Tensor.From([-Infinity, 3], 2).Softmax().Values.ToArray());
        Assert.Equal(0, Tensor.Zeros(3, 0).Softmax().Length);
    }

    [Fact]
    public void Sigmoid_tanh_and_gelu_saturate()
    {
        var x = Tensor.From([-1000, -100, 100, 1000], 4);
        Assert.Equal([0f, 0, 1, 1], Array.ConvertAll(x.Sigmoid().Values.ToArray(), v => MathF.Round(v, 6)));
        Assert.Equal([-1f, -1, 1, 1], x.Tanh().Values.ToArray());
        Assert.Equal([0f, 0, 100, 1000], Array.ConvertAll(x.Gelu().Values.ToArray(), v => MathF.Abs(v)));
    }

    [Fact]
    public void A_zero_vector_stays_zero_and_its_gradient_finite()
    {
        var x = Leaf(0, 0);
        var unit = x.L2Normalize();
        Assert.Equal([0f, 0], unit.Values.ToArray());
        Tensor.Backward((unit, new float[] { 1, 2 }));
        Assert.All(x.Gradient!.Values.ToArray(), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Ties_share_the_gradient_of_a_maximum()
    {
        var x = Leaf(3, 1, 3);
        x.Max().Backward();
        Assert.Equal([0.5f, 0, 0.5f], x.Gradient!.Values.ToArray());
        Assert.Equal(float.NaN, Tensor.From([1, float.NaN], 2).Max().Scalar);
    }

    [Fact]
    public void Where_keeps_infinities_of_the_other_side_out_of_value_and_gradient()
    {
        // log of 0 is −∞ and its derivative ∞; neither is chosen.
        var x = Leaf(0, 1);
        var y = Tensor.Where(x > 0, x.Log(), 7);
        Assert.Equal([7f, 0], y.Values.ToArray());
        Tensor.Backward((Tensor.Where(x > 0, x, -Infinity), new float[] { 1, 1 }));
        Assert.Equal([0f, 1], x.Gradient!.Values.ToArray());
    }

    [Fact]
    public void Comparisons_with_NaN_are_false()
    {
        var x = Tensor.From([float.NaN, 1, 2], 3);
        Assert.Equal([false, false, true], (x > 1).Values.ToArray());
        Assert.Equal([false, true, false], (x < 2).Values.ToArray());
        Assert.Equal([false, false, true], (x > Tensor.From([0, 1, 1], 3)).Values.ToArray());
    }

    [Fact]
    public void The_gradient_of_relu_at_zero_is_zero()
    {
        var x = Leaf([.. Enumerable.Repeat(0f, 20)]);
        Tensor.Backward((x.Relu(), Enumerable.Repeat(1f, 20).ToArray()));
        Assert.Equal(new float[20], x.Gradient!.Values.ToArray());
    }

    [Fact]
    public void Long_sums_keep_their_precision()
    {
        // 2²⁴ + 1 ones: a single-precision running sum would stop at 2²⁴.
        const int Count = (1 << 24) + 2;
        var ones = Tensor.Zeros(Count);
        ones.WritableValues().Fill(1);
        Assert.Equal(Count, ones.Sum().Scalar);
        Assert.Equal(1, ones.Mean().Scalar);
    }

    [Fact]
    public void Everything_works_on_an_empty_batch()
    {
        var w = Given.Parameter("w", new float[6], 3, 2);
        var b = Given.Parameter("b", new float[2], 2);
        var table = new Parameter("table", isRowSparse: true, 4, 3);
        Indices none = new(ReadOnlyMemory<int>.Empty), noLists = new(ReadOnlyMemory<int>.Empty, new[] { 0 });
        var x = Tensor.Concatenate([table.Value.Gather(none) + table.Value.GatherMean(noLists)]);
        var y = ((x.MatMul(w) + b).Relu().L2Normalize().Softmax() * Tensor.Zeros(0, 1)).LayerNorm(b, b).Slice(1, 0, 1).Reshape(0, 1, 1).Transpose(2, 1, 0);
        Assert.Equal([1, 1, 0], y.Shape.ToArray());
        y.Sum().Backward();
        Assert.Equal(new float[6], w.Gradient!.Values.ToArray());
        Assert.Equal(new float[2], b.Gradient!.Values.ToArray());
        Assert.Null(table.RowGradient);
        Assert.Equal(float.NaN, Tensor.Zeros(0).Mean().Scalar);
        Assert.Equal([0f, 0], Tensor.Zeros(0, 2).Sum(0).Values.ToArray());
        Assert.Equal(0, Tensor.Where(Tensor.Zeros(0, 2) > 0, Tensor.Zeros(0, 2), 0).Dropout(0.5f, 1, isTraining: true).Length);
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_depends_on_the_seed_alone()
    {
        var ones = Tensor.Zeros(200_001);
        ones.WritableValues().Fill(1);
        var first = ones.Dropout(0.3f, seed: 1, isTraining: true).Values.ToArray();
        Assert.Equal(first, ones.Dropout(0.3f, seed: 1, isTraining: true).Values.ToArray());
        Assert.NotEqual(first, ones.Dropout(0.3f, seed: 2, isTraining: true).Values.ToArray());

        // Standard deviation of the share of zeros: √(0.3·0.7/200001) ≈ 0.001.
        Assert.InRange(first.Count(v => v == 0) / 200_001.0, 0.295, 0.305);
        Assert.All(first, v => Assert.True(v == 0 || v == 1f / 0.7f));
        Assert.Same(ones, ones.Dropout(0.3f, 1, isTraining: false));
        Assert.Same(ones, ones.Dropout(0, 1, isTraining: true));
    }

    private static Tensor Leaf(params float[] values)
    {
        var tensor = Tensor.From(values, values.Length);
        tensor.RequiresGradient = true;
        return tensor;
    }
}

using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' tests of its cross layers: x0 = (.1, .2, .3), x = (.4, .5, .6), kernels of ones.</summary>
public class CrossTests
{
    private static readonly Tensor X0 = Tensor.From([0.1f, 0.2f, 0.3f], 1, 3);
    private static readonly Tensor X = Tensor.From([0.4f, 0.5f, 0.6f], 1, 3);

    [Fact]
    public void Full_rank() => Equal([0.55, 0.8, 1.05], Ones().Call(X0, X, ForwardContext.Inference));

    [Fact]
    public void Low_rank() => Equal([0.55, 0.8, 1.05], new Cross(1) { KernelInitializer = Initializer.Ones }.Call(X0, X, ForwardContext.Inference));

    [Fact]
    public void Features_alone_are_crossed_with_themselves() => Equal([0.16, 0.32, 0.48], Ones().Call(X0, ForwardContext.Inference));

    [Fact]
    public void A_bias_of_ones() => Equal(
        [0.65, 1, 1.35], new Cross { KernelInitializer = Initializer.Ones, BiasInitializer = Initializer.Ones }.Call(X0, X, ForwardContext.Inference));

    [Fact]
    public void A_diagonal_of_one() => Equal(
        [0.59, 0.9, 1.23], new Cross { KernelInitializer = Initializer.Ones, DiagScale = 1 }.Call(X0, X, ForwardContext.Inference));

    [Fact]
    public void The_diagonal_stands_outside_the_activation()
    {
        // Σx = 1.5; relu(1.5 − 2) = 0, so only the diagonal is left: x0 · x + x.
        var layer = new Cross
        {
            KernelInitializer = Initializer.Ones,
            BiasInitializer = Initializer.Constant(-2),
            DiagScale = 1,
            Preactivation = new Activation(ActivationFunction.Relu),
        };

        Equal([0.44, 0.6, 0.78], layer.Call(X0, X, ForwardContext.Inference));
    }

    [Fact]
    public void A_preactivation_of_zeros_gives_exactly_x() =>
        Assert.Equal(X.Values.ToArray(), new Cross { Preactivation = new Zeros() }.Call(X0, X, ForwardContext.Inference).Values.ToArray());

    [Fact]
    public void Widths_that_differ_are_refused() => Assert.Contains(
        "dimension mismatch",
        Assert.Throws<ArgumentException>(() => new Cross().Call(Tensor.Zeros(12, 5), Tensor.Zeros(12, 7), ForwardContext.Inference)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_negative_diagonal_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Cross { DiagScale = -1 });

    [Theory]
    [InlineData(null, 13 * 14)]
    [InlineData(4, (2 * 13 * 4) + 13)]
    public void Counts_of_weights(int? rank, int expected)
    {
        var layer = new Cross(rank);
        layer.Call(Tensor.Zeros(1, 13), ForwardContext.Inference);
        Assert.Equal(expected, layer.Parameters.Sum(parameter => parameter.Value.Length));
    }

    [Fact]
    public void First_weights_are_a_normal_truncated_at_two_deviations_of_a_twentieth()
    {
        var layer = new Cross();
        layer.Call(Tensor.Zeros(1, 60), ForwardContext.Inference);
        var kernel = layer.Kernel!.Value.Values.ToArray();

        Assert.InRange(kernel.Max(MathF.Abs), 0.095f, 0.1f);

        // A normal cut at two deviations has a deviation of 0.8796 of the uncut one.
        Assert.Equal(0.05 * 0.8796, Math.Sqrt(kernel.Average(v => (double)v * v)), 1e-3);
        Assert.All(layer.Parameters[1].Value.Values.ToArray(), bias => Assert.Equal(0, bias));
    }

    [Fact]
    public void A_saved_model_predicts_the_same_bits_when_loaded()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var data = new FeatureBatch([.. Enumerable.Range(0, 13).Select(i => new Column<float>($"x{i}", [.. Enumerable.Range(0, 9).Select(row => MathF.Sin((row * 13) + i))]))]);
        try
        {
            var model = new Stacked(data);
            model.Begin(new EncodedData(data), seed: 3);
            var loaded = new Stacked(data);
            Assert.NotEqual(model.Tower.Embed(data), loaded.Tower.Embed(data));

            model.Save(path);
            loaded.Load(path);

            Assert.Equal(model.Tower.Embed(data), loaded.Tower.Embed(data));
            Assert.Equal(model.DescribeSettings(), loaded.DescribeSettings());
            Assert.Contains("preactivation Swish", model.DescribeSettings(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Multi_layer_DCN_of_one_full_layer() =>
        Equal([0.28, 0.56, 0.84], new MultiLayerDcn(3, 1, useBias: false, Initializer.Ones).Call(X0, ForwardContext.Inference));

    [Fact]
    public void Multi_layer_DCN_of_one_layer() =>
        Equal([0.16, 0.32, 0.48], new MultiLayerDcn(1, 1, useBias: false, Initializer.Ones).Call(X0, ForwardContext.Inference));

    [Fact]
    public void Multi_layer_DCN_by_default_has_three_layers_of_rank_one() => Equal(
        [0.9256, 1.8512, 2.7768],
        new MultiLayerDcn(kernelInitializer: Initializer.Ones, biasInitializer: Initializer.Ones).Call(X0, ForwardContext.Inference));

    private static Cross Ones() => new() { KernelInitializer = Initializer.Ones };

    private static void Equal(double[] expected, Tensor actual) =>
        Assert.All(expected.Zip(actual.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

    private sealed class Zeros : Layer
    {
        protected override Tensor Forward(Tensor input, ForwardContext context) => input * 0f;
    }

    /// <summary>Two activated cross layers over 13 numbers.</summary>
    private sealed class Stacked : RecommenderModel
    {
        public Stacked(FeatureBatch data) => Tower = Use(
            new Tower(
                new Concatenate([.. Enumerable.Range(0, 13).Select(i => new Layer[] { new Numeric($"x{i}", data) })]),
                new CrossNetwork(Activated(), Activated())),
            "cross");

        public Tower Tower { get; }

        protected override Tensor ComputeLoss(Batch batch) => Tower.Forward(batch).Sum();

        private static Cross Activated() => new() { Preactivation = new Activation(ActivationFunction.Swish) };
    }
}

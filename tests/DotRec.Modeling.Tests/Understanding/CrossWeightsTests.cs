using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class CrossWeightsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Block_norms_are_those_of_a_naive_computation()
    {
        var weights = Random([3, 1, 4, 2], layers: 2, seed: 5);
        var (d, n) = (weights.Width, weights.Fields.Count);
        foreach (var layer in new int?[] { null, 0, 1 })
        {
            var kernels = layer is { } one ? [weights.Layers[one]] : weights.Layers;
            var magnitudes = weights.Magnitudes(layer);
            foreach (var norm in Enum.GetValues<BlockNorm>())
            {
                var actual = weights.BlockNorms(layer, norm);
                for (var cell = 0; cell < n * n; cell++)
                {
                    var (from, to) = (weights.Fields[cell / n], weights.Fields[cell % n]);
                    double squares = 0;
                    for (var i = 0; i < d; i++)
                    {
                        for (var j = 0; j < d; j++)
                        {
                            var inside = i >= from.Offset && i < from.Offset + from.Width && j >= to.Offset && j < to.Offset + to.Width;
                            squares += inside ? kernels.Sum(kernel => Math.Pow(kernel.Values.Span[(i * d) + j], 2)) : 0;
                            Assert.Equal(Math.Sqrt(kernels.Sum(kernel => Math.Pow(kernel.Values.Span[(i * d) + j], 2))), magnitudes[(i * d) + j], 1e-6);
                        }
                    }

                    Assert.Equal(Math.Sqrt(norm == BlockNorm.Frobenius ? squares : squares / (from.Width * to.Width)), actual[cell], 1e-12);
                }
            }
        }
    }

    [Fact]
    public void Each_pair_of_fields_is_listed_once_by_its_strength_in_both_directions()
    {
        var weights = Random([2, 3, 1], layers: 2, seed: 9);
        var norms = weights.BlockNorms();
        var pairs = weights.StrongestPairs();
        Assert.Equal(6, pairs.Select(pair => (pair.First, pair.Second)).Distinct().Count());
        Assert.Equal(pairs.Select(pair => pair.Strength).OrderDescending(), pairs.Select(pair => pair.Strength));
        Assert.Equal(Math.Sqrt(norms.Sum(norm => norm * norm)), Math.Sqrt(pairs.Sum(pair => pair.Strength * pair.Strength)), 1e-9);
        Assert.Equal(norms[4], pairs.Single(pair => pair is { First: "field 1", Second: "field 1" }).Strength, 1e-12);
    }

    [Fact]
    public void The_blender_shows_bananas_times_cookbooks_as_its_strongest_cross()
    {
        var random = new SeededRandom(1);
        float[] Uniform() => [.. Enumerable.Range(0, 3000).Select(_ => random.NextSingle())];
        var (country, bananas, cookbooks) = (Uniform(), Uniform(), Uniform());
        float[] likes = [.. Enumerable.Range(0, 3000).Select(i =>
        {
            var (x1, x2, x3) = (country[i], bananas[i], cookbooks[i]);
            return (0.1f * x1) + (0.4f * x2) + (0.7f * x3) + (0.1f * x1 * x2) + (3.1f * x2 * x3) + (0.1f * x3 * x3);
        })];
        var data = new FeatureBatch(new Column<float>("country", country), new Column<float>("bananas", bananas), new Column<float>("cookbooks", cookbooks), new Column<float>("likes", likes));
        var network = new DeepCrossNetwork([.. ((string[])["country", "bananas", "cookbooks"]).Select(name => new Field(name, new Numeric(name, data)))], [new Cross()], hidden: []);
        var model = new RankingModel(network, "likes", new Ranking(PointwiseLoss.SquaredError));
        model.Fit(data, new FitOptions { Epochs = 60, BatchSize = 200, Optimizer = new Adam(0.05) { Schedule = LearningRateSchedule.CosineDecay() } }, Token);

        var weights = CrossWeights.Of(network)!;

        var strongest = weights.StrongestPairs()[0];
        Assert.Equal(("bananas", "cookbooks"), (strongest.First, strongest.Second));
        var norms = weights.BlockNorms();
        Assert.Contains(Array.IndexOf(norms, norms.Max()), new[] { (1 * 3) + 2, (2 * 3) + 1 });
    }

    [Fact]
    public void Crosses_of_every_form_are_found_in_their_network_with_their_kernels()
    {
        var data = ClickRows.Of(60, seed: 3);
        CrossLayer[] layers = [new Cross(), new Cross(projectionDimension: 2) { DiagScale = 0.5 }, new CrossMixture(3, experts: 2)];
        var network = new DeepCrossNetwork(Fields.Of(data, ["user", "age", "tags"], ClickRows.Options), layers, hidden: [8]);
        Assert.Throws<InvalidOperationException>(() => CrossWeights.Of(network));
        _ = new RankingModel(network, "clicked").Predict(data);

        var weights = CrossWeights.Of(network)!;

        Assert.Equal(network.Blocks, weights.Fields);
        Assert.Equal(["cross 1", "cross 2", "cross 3"], weights.Layers.Select(layer => layer.Name));
        Assert.All(layers.Zip(weights.Layers), pair => Assert.Equal(pair.First.EffectiveKernel(), pair.Second.Values.ToArray()));
    }

    [Fact]
    public void A_network_without_crosses_has_no_cross_weights()
    {
        var data = ClickRows.Of(60, seed: 3);
        var network = new MlpNetwork(Fields.Of(data, ["user", "item"], ClickRows.Options), [8]);
        _ = new RankingModel(network, "clicked").Predict(data);
        Assert.Null(CrossWeights.Of(network));
    }

    [Fact]
    public void Fields_and_kernels_that_do_not_fit_are_refused()
    {
        CrossKernel kernel = new("k", new float[9]);
        Refused("at least one", [], [kernel]);
        Refused("at least one", [new("a", 0, 3)], []);
        Refused("offset 2", [new("a", 0, 2), new("b", 1, 2)], [kernel]);
        Refused("positive width", [new("a", 0, 0), new("b", 0, 3)], [kernel]);
        Refused("another field", [new("a", 0, 1), new("a", 1, 2)], [kernel]);
        Refused("9 weights", [new("a", 0, 2)], [kernel]);
        Refused("not finite", [new("a", 0, 3)], [new("k", new float[] { 0, 0, 0, 0, float.NaN, 0, 0, 0, 0 })]);

        static void Refused(string expected, FieldBlock[] fields, CrossKernel[] layers) =>
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new CrossWeights(fields, layers)).Message, StringComparison.Ordinal);
    }

    internal static CrossWeights Random(int[] widths, int layers, ulong seed)
    {
        var random = new SeededRandom(seed);
        var offset = 0;
        var fields = widths.Select((width, i) => new FieldBlock($"field {i}", (offset += width) - width, width)).ToArray();
        return new CrossWeights(fields, [.. Enumerable.Range(0, layers).Select(layer =>
            new CrossKernel($"cross {layer + 1}", Enumerable.Range(0, offset * offset).Select(_ => (float)random.NextNormal()).ToArray()))]);
    }
}

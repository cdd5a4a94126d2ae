using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>Every interaction layer computes its formula, differentiates it, and exports it.</summary>
public class InteractionLawTests
{
    private const int Rows = 6;

    private static readonly FeatureBatch Data = new(
        new Column<string>("user", [.. Enumerable.Range(0, 20).Select(row => $"u{row % 9}")]),
        new Column<string>("item", [.. Enumerable.Range(0, 20).Select(row => $"i{row * 3 % 7}")]),
        new Column<float>("age", [.. Enumerable.Range(0, 20).Select(row => (float)(row * 7 % 31))]));

    public static TheoryData<string> Cases => [.. LayerCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_layer_computes_its_formula(string name)
    {
        var (@case, layer, input) = Drawn(name);

        var output = layer.Call(input, ForwardContext.Inference);

        Close(Oracle(@case, Weights(layer), Doubles(input)), output.Values);
        Assert.Equal(0, layer.Call(Tensor.Zeros([0, .. @case.RowShape]), ForwardContext.Inference).Length);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_is_that_of_the_formula_by_finite_differences(string name)
    {
        var (@case, layer, input) = Drawn(name);
        input.RequiresGradient = true;
        var output = layer.Call(input, ForwardContext.Inference);
        var seed = Draw(new SeededRandom(5), output.Length);
        Tensor.Backward((output, seed));

        var (weights, values) = (Weights(layer), Doubles(input));
        double Loss() => Oracle(@case, weights, values).Select((v, i) => v * seed[i]).Sum();
        Close(Differences(values, Loss), input.Gradient!.Values);
        for (var i = 0; i < weights.Length; i++)
        {
            Close(Differences(weights[i], Loss), layer.Parameters[i].Gradient!.Values);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_exported_layer_equals_the_trained_one(string name)
    {
        Layer features = name.StartsWith("dot", StringComparison.Ordinal)
            ? new Stack([new StringLookup("user", Data), new Embedding(3)], [new StringLookup("item", Data), new Embedding(3)], [new Normalization("age", Data), new Dense(3)])
            : new Concatenate([new StringLookup("user", Data), new Embedding(3)], [new Normalization("age", Data)]);
        var tower = new Tower(features, LayerCase.All[name].Make());
        Randomize(tower.Parameters);
        using var session = new OnnxSession(tower.Export());

        foreach (var rows in new[] { 1, 7, 20 })
        {
            var batch = Data.Select(Enumerable.Range(0, rows).ToArray());
            Close(Array.ConvertAll(tower.Embed(batch), v => (double)v), session.Embed(batch), 1e-5);
        }
    }

    private static (LayerCase Case, Layer Layer, Tensor Input) Drawn(string name)
    {
        var @case = LayerCase.All[name];
        var layer = @case.Make();
        int[] shape = [Rows, .. @case.RowShape];
        var input = Tensor.From(Draw(new SeededRandom(3), shape.Aggregate(1, (x, y) => x * y)), shape);
        layer.Call(input, ForwardContext.Inference);
        Randomize(layer.Parameters);
        return (@case, layer, input);
    }

    private static void Randomize(IReadOnlyList<Parameter> parameters)
    {
        var random = new SeededRandom(8);
        foreach (var parameter in parameters)
        {
            Draw(random, parameter.Value.Length).CopyTo(parameter.Value.WritableValues());
        }
    }

    private static float[] Draw(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(0.7 * random.NextNormal()))];

    private static double[][] Weights(Layer layer) => [.. layer.Parameters.Select(parameter => Doubles(parameter))];

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.Values.ToArray(), v => (double)v);

    private static double[] Oracle(LayerCase @case, double[][] weights, double[] input) =>
        [.. input.Chunk(input.Length / Rows).SelectMany(row => @case.Oracle(weights, row))];

    private static double[] Differences(double[] at, Func<double> loss)
    {
        const double step = 1e-5;
        var differences = new double[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            var value = at[i];
            at[i] = value + step;
            var above = loss();
            at[i] = value - step;
            differences[i] = (above - loss()) / (2 * step);
            at[i] = value;
        }

        return differences;
    }

    private static void Close(double[] expected, ReadOnlySpan<float> actual, double tolerance = 2e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
        }
    }
}

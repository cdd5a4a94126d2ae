namespace DotRec.Modeling.Tests;

/// <summary>An interaction layer with its meaning in double precision, one row at a time.</summary>
/// <param name="Make">A fresh layer.</param>
/// <param name="RowShape">Shape of a row of its input.</param>
/// <param name="Oracle">The layer's parameters, in order, and a row of the input, to a row of the output.</param>
internal sealed record LayerCase(Func<TensorLayer> Make, int[] RowShape, Func<double[][], double[], double[]> Oracle)
{
    public static IReadOnlyDictionary<string, LayerCase> All { get; } = new Dictionary<string, LayerCase>(StringComparer.Ordinal)
    {
        ["cross"] = new(() => new Cross(), [4], (p, x) => Cross(x, x, p[0], p[1])),
        ["cross without bias"] = new(() => new Cross { UseBias = false }, [4], (p, x) => Cross(x, x, p[0], [])),
        ["cross of low rank, activated, with diagonal"] = new(
            () => new Cross(2) { DiagScale = 0.3, Preactivation = new Activation(ActivationFunction.Swish) },
            [5],
            (p, x) => Combine(x, x, [.. Plus(Times(Times(x, p[0]), p[1]), p[2]).Select((v, i) => (v / (1 + Math.Exp(-v))) + (0.3 * x[i]))])),
        ["cross network"] = new(
            () => new CrossNetwork(new Cross(), new Cross(2)),
            [4],
            (p, x) => Cross(x, Cross(x, x, p[0], p[1]), p[2], p[3], p[4])),
        ["multi-layer DCN"] = new(
            () => new MultiLayerDcn(2, layerCount: 3),
            [4],
            (p, x) => Cross(x, Cross(x, Cross(x, x, p[0], p[1], p[2]), p[3], p[4], p[5]), p[6], p[7], p[8])),
        ["mixture by softmax"] = new(() => new CrossMixtureOfExperts(2, experts: 3), [4], (p, x) => Mixture(p, x, 3, 2, Softmax)),
        ["mixture by sigmoid"] = new(
            () => new CrossMixtureOfExperts(2, experts: 3, ExpertGate.Sigmoid), [4], (p, x) => Mixture(p, x, 3, 2, v => [.. v.Select(Sigmoid)])),
        ["mixtures in a network"] = new(
            () => new CrossNetwork(new CrossMixtureOfExperts(1, experts: 1), new Cross()),
            [3],
            (p, x) => Cross(x, Mixture(p, x, 1, 1, Softmax), p[6], p[7])),
        ["dot interaction"] = new(() => new DotInteraction(), [4, 3], (_, x) => Dots(x, 4, (row, column) => column < row, gathers: true)),
        ["dot interaction with itself"] = new(
            () => new DotInteraction(selfInteraction: true), [3, 3], (_, x) => Dots(x, 3, (row, column) => column <= row, gathers: true)),
        ["dot interaction ungathered"] = new(
            () => new DotInteraction(skipGather: true), [3, 3], (_, x) => Dots(x, 3, (row, column) => column < row, gathers: false)),
        ["mlp"] = new(
            () => new Mlp([3, 2], ActivationFunction.Tanh, ActivationFunction.Sigmoid, dropout: 0.5),
            [4],
            (p, x) => [.. Plus(Times([.. Plus(Times(x, p[0]), p[1]).Select(Math.Tanh)], p[2]), p[3]).Select(Sigmoid)]),
    };

    private static double[] Cross(double[] x0, double[] x, double[] kernel, double[] bias) => Combine(x0, x, Plus(Times(x, kernel), bias));

    private static double[] Cross(double[] x0, double[] x, double[] projection, double[] kernel, double[] bias) =>
        Combine(x0, x, Plus(Times(Times(x, projection), kernel), bias));

    private static double[] Combine(double[] x0, double[] x, double[] gate) => [.. x0.Select((v, i) => (v * gate[i]) + x[i])];

    private static double[] Mixture(double[][] p, double[] x, int experts, int rank, Func<double[], double[]> weigh)
    {
        var (project, inner, expand, bias) = (p[0], p[1], p[2], p[3]);
        var gates = weigh(Plus(Times(x, p[4]), p[5]));
        var result = (double[])x.Clone();
        for (var e = 0; e < experts; e++)
        {
            // Expert e owns columns e · r … of the projection and rows e · r … of the other two.
            var low = Times(x, project).Skip(e * rank).Take(rank).Select(Math.Tanh).ToArray();
            var high = Times([.. Times(low, inner[(e * rank * rank)..((e + 1) * rank * rank)]).Select(Math.Tanh)], expand[(e * rank * x.Length)..((e + 1) * rank * x.Length)]);
            for (var i = 0; i < x.Length; i++)
            {
                result[i] += gates[e] * x[i] * (high[i] + bias[i]);
            }
        }

        return result;
    }

    private static double[] Dots(double[] x, int count, Func<int, int, bool> isTaken, bool gathers)
    {
        var width = x.Length / count;
        var dots = new List<double>();
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < count; column++)
            {
                if (isTaken(row, column))
                {
                    dots.Add(Enumerable.Range(0, width).Sum(i => x[(row * width) + i] * x[(column * width) + i]));
                }
                else if (!gathers)
                {
                    dots.Add(0);
                }
            }
        }

        return [.. dots];
    }

    private static double[] Times(double[] x, double[] kernel) =>
        [.. Enumerable.Range(0, kernel.Length / x.Length).Select(j => x.Select((v, i) => v * kernel[(i * (kernel.Length / x.Length)) + j]).Sum())];

    private static double[] Plus(double[] x, double[] bias) => bias.Length == 0 ? x : [.. x.Zip(bias, (v, b) => v + b)];

    private static double[] Softmax(double[] x) => [.. x.Select(v => Math.Exp(v) / x.Sum(Math.Exp))];

    private static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
}

using System.Diagnostics;
using System.Globalization;
using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;
using DotRec.Testing;

namespace DotRec.Tutorials;

/// <summary>
/// TFRS' "dcn", first part: how likely a customer buys a blender, a polynomial of degree two in where he lives and what he bought. One cross
/// layer can say it exactly, with 16 parameters.
/// </summary>
internal sealed class DcnToy : Tutorial
{
    private static readonly string[] Features = ["country", "bananas", "cookbooks"];

    // What published tables print as 0.0001.
    private const double EverySeedAtMost = 1e-4;

    /// <summary>As many steps as the tutorial's, with rates that end at nothing and a second moment that remembers about one epoch, 90 steps.</summary>
    /// <remarks>
    /// Where the score's weight of a feature is near 0, the loss is a long, nearly flat valley: the feature's kernel and bias hardly count there.
    /// Adagrad's rates shrink for good before they are through it, and Adam's usual memory of 1,000 steps divides by gradients long gone. With the
    /// memory of an epoch steps stay large where gradients have become small. Chosen on data and first weights that the table does not use.
    /// </remarks>
    public static FitOptions Decaying { get; } = new()
    {
        Epochs = 100,
        BatchSize = 1000,
        Optimizer = new Adam(0.1) { Beta2 = 0.99, Schedule = LearningRateSchedule.CosineDecay() },
    };

    public override string Name => "dcn-toy";

    public override string Summary => "Blender purchases, a product of features: one cross layer of 16 parameters beside a DNN of 166,401.";

    public override bool NeedsData => false;

    public override IEnumerable<Result> Run(TutorialOptions options, TextWriter output)
    {
        var (train, test) = Data(100_000, 90_000);
        var tutorial = new FitOptions { Epochs = 100, BatchSize = 1000, Optimizer = new Adagrad(0.4), Shuffle = false };
        var crosses = new List<RankingModel>();
        yield return Measure("one cross layer, tutorial", ".0001", options.Seeds, tutorial, () => CrossModel(train), []);
        var longMemory = Decaying with { Optimizer = new Adam(0.1) { Schedule = LearningRateSchedule.CosineDecay() } };
        yield return Measure("one cross layer, Adam, usual memory", ".0001", options.Seeds, longMemory, () => CrossModel(train), []);
        var decaying = Measure("one cross layer, Adam, memory of an epoch", ".0001", options.Seeds, Decaying, () => CrossModel(train), crosses) with { AtMost = EverySeedAtMost };
        yield return decaying;
        yield return Measure("DNN 512-256-128, tutorial", ".0933", options.Seeds, tutorial, () => DeepModel(train), []);
        CheckEverySeed(decaying);
        foreach (var model in crosses)
        {
            CheckLargestEntry(KernelOf(model));
        }

        output.WriteLine($"\n|W| of the cross layer, first seed:\n{Heat(KernelOf(crosses[0]))}");

        Result Measure(string name, string published, int seeds, FitOptions fit, Func<RankingModel> build, List<RankingModel> fitted)
        {
            var clock = Stopwatch.StartNew();
            var errors = new List<double>();
            for (var seed = 1; seed <= seeds; seed++)
            {
                var model = build();
                model.Fit(train, fit with { Seed = (ulong)seed });
                errors.Add(model.Evaluate(test).Rating!.Rmse);
                fitted.Add(model);
            }

            return new Result(name, "RMSE", errors, published, fitted[^1].Parameters.Sum(parameter => (long)parameter.Value.Length), clock.Elapsed.TotalSeconds);
        }
    }

    /// <summary>The notebook's data, bit for bit: drawn from numpy's RandomState(42) column by column.</summary>
    public static DataSplit Data(int rows, int trainRows)
    {
        var random = new NumpyRandom(42);
        var country = Array.ConvertAll(random.Integers(200, rows), value => value / 200.0);
        var bananas = Array.ConvertAll(random.Integers(24, rows), value => value / 24.0);
        var cookbooks = Array.ConvertAll(random.Integers(6, rows), value => value / 6.0);
        var likelihood = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var (x1, x2, x3) = (country[row], bananas[row], cookbooks[row]);
            likelihood[row] = (float)((0.1 * x1) + (0.4 * x2) + (0.7 * x3) + (0.1 * x1 * x2) + (3.1 * x2 * x3) + (0.1 * x3 * x3));
        }

        var data = new FeatureBatch(Floats("country", country), Floats("bananas", bananas), Floats("cookbooks", cookbooks), new Column<float>("likelihood", likelihood));
        return new DataSplit(data.Slice(0, trainRows), data.Slice(trainRows, rows - trainRows));
    }

    /// <summary>A cross layer and a linear score.</summary>
    public static RankingModel CrossModel(FeatureBatch train) => Likelihood(new DeepCrossNetwork(Numbers(train), [new Cross()], hidden: []));

    /// <summary>|W| of the cross layer, row-major: entry (i, j) is how strongly feature i enters the factor of feature j.</summary>
    public static float[] KernelOf(RankingModel model) =>
        Array.ConvertAll(((Cross)((DeepCrossNetwork)model.Network).Crosses.Layers[0]).EffectiveKernel(), Math.Abs);

    /// <summary>A mean can hide a seed that got stuck; an exact form of the data leaves no excuse for one.</summary>
    public static void CheckEverySeed(Result result)
    {
        for (var seed = 1; seed <= result.Values.Count; seed++)
        {
            if (!(result.Values[seed - 1] <= EverySeedAtMost))
            {
                throw new ClaimFailedException(FormattableString.Invariant(
                    $"{result.Model}: seed {seed} ends at an error of {result.Values[seed - 1]:0.0E+0}, but every seed must reach {EverySeedAtMost:0.0E+0}."));
            }
        }
    }

    /// <summary>The product of features that dominates the data must dominate the kernel.</summary>
    public static void CheckLargestEntry(float[] kernel)
    {
        var largest = Array.IndexOf(kernel, kernel.Max());
        var (row, column) = (Features[largest / 3], Features[largest % 3]);
        if ((row, column) is not (("bananas", "cookbooks") or ("cookbooks", "bananas")))
        {
            throw new ClaimFailedException($"The largest entry of |W| is {row} × {column}, not bananas × cookbooks:\n{Heat(kernel)}");
        }
    }

    private static RankingModel DeepModel(FeatureBatch train) => Likelihood(new MlpNetwork(Numbers(train), [512, 256, 128]));

    private static RankingModel Likelihood(RankingNetwork network) => new(network, "likelihood", new Ranking(PointwiseLoss.SquaredError));

    private static Field[] Numbers(FeatureBatch train) => [.. Features.Select(name => new Field(name, new Numeric(name, train)))];

    private static Column<float> Floats(string name, double[] values) => new(name, Array.ConvertAll(values, value => (float)value));

    private static string Heat(float[] kernel)
    {
        var lines = new List<string> { $"{"",-10}{string.Concat(Features.Select(name => $"{name,10}"))}" };
        for (var i = 0; i < Features.Length; i++)
        {
            lines.Add($"{Features[i],-10}{string.Concat(kernel.Skip(3 * i).Take(3).Select(value => value.ToString("F3", CultureInfo.InvariantCulture).PadLeft(10)))}");
        }

        return string.Join('\n', lines);
    }
}

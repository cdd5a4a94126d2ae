using DotRec.Autodiff;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' tests of CompositeOptimizer: the first rule moves var1, the second var2 and var3.</summary>
public class CompositeOptimizerTests
{
    private static readonly float[][] Start = [[1, 2, 3], [0.5f, 0, -2], [0.1f, 0, -1]];
    private static readonly float[][] Gradients = [[0.1f, 0.2f, 1], [-0.1f, 0.05f, 2], [2.1f, 0, 0.3f]];

    private static readonly Dictionary<string, double[][]> AfterTenSteps = new(StringComparer.Ordinal)
    {
        ["sgd"] = [[0.99, 1.98, 2.9], [0.51, -0.005, -2.2], [-0.11, 0, -1.03]],
        ["adam"] = [[0.99, 1.99, 2.99], [0.51, -0.01, -2.01], [0.09, 0, -1.01]],
        ["adagrad"] = [[0.997426, 1.996257, 2.995074], [0.502574, -0.001485, -2.004996], [0.095001, 0, -1.004267]],
        ["rmsprop"] = [[0.982668, 1.982668, 2.982668], [0.517332, -0.017332, -2.017332], [0.082668, 0, -1.017332]],
    };

    [Theory]
    [InlineData("sgd", "adam")]
    [InlineData("rmsprop", "sgd")]
    [InlineData("adam", "adagrad")]
    [InlineData("adagrad", "rmsprop")]
    public void Equals_separate_optimizers_after_every_step(string first, string second)
    {
        var (together, apart) = (Variables(), Variables());
        var composite = new OptimizerState(Composite(Make(first), Make(second)), together);
        var (firstAlone, secondAlone) = (new OptimizerState(Make(first), apart[..1]), new OptimizerState(Make(second), apart[1..]));

        for (var step = 0; step < 10; step++)
        {
            composite.Step([.. together.Zip(Gradients)]);
            firstAlone.Step((apart[0], Gradients[0]));
            secondAlone.Step((apart[1], Gradients[1]), (apart[2], Gradients[2]));
            Assert.Equal(apart.SelectMany(Training.Weights), together.SelectMany(Training.Weights));
        }

        double[] expected = [.. AfterTenSteps[first][0], .. AfterTenSteps[second][1], .. AfterTenSteps[second][2]];
        Assert.All(expected.Zip(together.SelectMany(Training.Weights)), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
        Assert.Equal(10, composite.StepCount);
    }

    [Fact]
    public void Clipping_looks_only_at_the_parameters_of_its_rule()
    {
        var variables = Variables();
        var state = new OptimizerState(Composite(new Sgd(1) { ClipNorm = 1 }, new Sgd(1)), variables);

        state.Step((variables[0], [3, 0, 4]), (variables[1], [30, 0, 40]));

        Assert.Equal(0.4f, variables[0].Weights()[0], 1e-6f);
        Assert.Equal(2.2f, variables[0].Weights()[2], 1e-6f);
        Assert.Equal([-29.5f, 0, -42], variables[1].Weights());
    }

    [Fact]
    public void A_variable_of_two_optimizers_is_refused_by_name()
    {
        var optimizer = new CompositeOptimizer((new Adam(), _ => true), (new Sgd(), parameter => parameter.Name == "var3"));

        var message = Assert.Throws<InvalidOperationException>(() => new OptimizerState(optimizer, Variables())).Message;

        Assert.Equal("Adam, Sgd of the CompositeOptimizer all claim 'var3' [3]. Let exactly one of them claim it.", message);
    }

    [Fact]
    public void A_variable_of_no_optimizer_is_refused_by_name()
    {
        var optimizer = new CompositeOptimizer((new Adam(), parameter => parameter.Name != "var2"));

        Assert.StartsWith(
            "No part of the CompositeOptimizer claims 'var2' [3]",
            Assert.Throws<InvalidOperationException>(() => new OptimizerState(optimizer, Variables())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void No_optimizer_and_one_object_twice_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new CompositeOptimizer());
        var adam = new Adam();
        Assert.Throws<ArgumentException>(() => new CompositeOptimizer((adam, _ => true), (adam, _ => false)));
    }

    [Fact]
    public void State_is_kept_per_rule_and_a_checkpoint_knows_who_moves_what()
    {
        // A linear model of two variables, Adam on one and Adagrad on the other: moments of Adam, accumulator of Adagrad.
        Parameter[] variables = [Training.Parameter("kernel", 1), Training.Parameter("bias", 0)];
        var state = new OptimizerState(new CompositeOptimizer((new Adam(), p => p.Name == "kernel"), (new Adagrad(), p => p.Name == "bias")), variables);
        var swapped = new OptimizerState(new CompositeOptimizer((new Adam(), p => p.Name == "bias"), (new Adagrad(), p => p.Name == "kernel")), variables);

        Assert.Equal([2, 1], state.Slots.Select(slots => slots.Count));
        Assert.NotEqual(state.Describe(), swapped.Describe());
        Assert.Contains("on kernel; Adagrad(", state.Describe(), StringComparison.Ordinal);
    }

    private static CompositeOptimizer Composite(UpdateRule first, UpdateRule second) =>
        new((first, parameter => parameter.Name == "var1"), (second, parameter => parameter.Name != "var1"));

    private static Parameter[] Variables() => [.. Start.Select((values, i) => Training.Parameter($"var{i + 1}", values))];

    private static UpdateRule Make(string name) => name switch
    {
        "sgd" => new Sgd(0.01),
        "adam" => new Adam(0.001),
        "adagrad" => new Adagrad(0.001),
        _ => new RmsProp(0.001),
    };
}

using DotRec.Autodiff;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' tests of ClippyAdagrad.</summary>
public class ClippyAdagradTests
{
    /// <summary>
    /// The table of shrink_by_references, seen through the optimizer: with rate 1, accumulator 1 and ε 0 the step is the gradient and the first
    /// reference the weight. A second reference r is p = 1 / √acc = |r|, with the rate 1 / |r|.
    /// </summary>
    public static TheoryData<float[], float[], double[], double, float[], float> Shrinking => new()
    {
        { [2], [4], [0.1], 0.02, [0.42f], 0.21f },
        { [2], [-4], [0.1], 0.02, [0.42f], 0.21f },
        { [-2], [4], [0.1], 0.02, [-0.42f], 0.21f },
        { [-2], [4], [0.1], 0, [-0.4f], 0.2f },
        { [-2], [0], [0.1], 0, [0], 0 },
        { [2], [20], [0.1], 0.1, [2], 1 },
        { [-2], [20], [0.1], 0.1, [-2], 1 },
        { [0], [1], [0.1], 0.1, [0], 1 },
        { [0], [1], [0.1], 0, [0], 1 },
        { [0], [0], [0], 0, [0], 1 },
        { [2], [4], [0.1, 0.2, 5], 0.02, [1.42f], 0.71f },
        { [2], [7], [0], 0.02, [0.02f], 0.01f },
        { [0], [7], [0], 0, [0], 1 },
        { [1, 1], [1, 0.1f], [0.1], 0.01, [0.02f, 0.02f], 0.02f },
        { [1, 1, 0, 0], [1, 0.1f, 1, 0], [0.1], 0, [0.01f, 0.01f, 0, 0], 0.01f },
        { [1, 1, 0, 0], [1, 0, 1, 0], [0.1], 0, [0, 0, 0, 0], 0 },
        { [1, 2, 1, 2], [1, 1, 1, 1], [0.1], 0.1, [0.1f, 0.2f, 0.1f, 0.2f], 0.1f },
    };

    [Theory]
    [MemberData(nameof(Shrinking))]
    public void A_step_is_shrunk_by_the_weight_that_allows_least(
        float[] tensor, float[] reference, double[] factors, double absolute, float[] expected, float factor)
    {
        var second = factors.Length > 1 ? factors[2] : 1;
        var optimizer = new ClippyAdagrad(1 / second)
        {
            InitialAccumulator = 1 / (second * second),
            Epsilon = 0,
            VariableRelativeThreshold = factors[0],
            AccumulatorRelativeThreshold = factors.Length > 1 ? factors[1] : 0,
            AbsoluteThreshold = absolute,
        };
        var parameter = Training.Parameter("x", reference);
        var step = new UpdateStep((float)optimizer.LearningRate, 1, 1, 1);
        var slot = Enumerable.Repeat((float)optimizer.InitialAccumulator, tensor.Length).ToArray();

        Assert.Equal(factor, optimizer.Shrink(reference, tensor, slot, step), 1e-6f);
        new OptimizerState(optimizer, [parameter]).Step((parameter, tensor));

        Equal(reference.Zip(expected, (x, change) => x - change), parameter.Weights());
    }

    public static TheoryData<string, float[], double[], double[]> Steps => new()
    {
        { "defaults", [0.1f, 0.15f], [0.9, 1.85], [0.02, 0.0325] },
        { "clipped", [10, 10], [0.4, 1.4], [100.01, 100.01] },
        { "clipped accumulator", [10, 10], [0.4, 1.4], [0.1, 0.1] },
        { "standard", [0.1f, 0.15f], [0.9, 1.9], [0.01, 0.0225] },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void One_step_gives_the_published_values(string setting, float[] gradient, double[] expected, double[] accumulator)
    {
        var parameter = Training.Parameter("x", 1, 2);
        var state = new OptimizerState(Make(setting), [parameter]);

        state.Step((parameter, gradient));

        Equal(expected, parameter.Weights());
        Equal(accumulator, state.Slots[0][0]);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void One_step_of_a_table_touches_and_asks_only_the_rows_of_the_batch(string setting, float[] gradient, double[] expected, double[] accumulator)
    {
        // A row of zeros would hold the others back if it entered the minimum.
        var table = new Parameter("table", isRowSparse: true, 3, 2);
        new float[] { 3, 4, 1, 2, 0, 0 }.CopyTo(table.Value.WritableValues());
        var optimizer = Make(setting);
        var state = new OptimizerState(optimizer, [table]);

        Tensor.Backward((table.Value.Gather(new Indices(new[] { 1 })), gradient));
        state.Step(plannedSteps: 100);

        Equal([3, 4, .. expected, 0, 0], table.Weights());
        var start = optimizer.InitialAccumulator;
        Equal([start, start, .. accumulator, start, start], state.Slots[0][0]);
    }

    [Fact]
    public void A_weight_at_zero_holds_its_parameter_and_grows_by_a_tenth_a_step()
    {
        // From 0 a weight reaches 1e-6 · (1.1ⁿ − 1) in n steps: the published trap.
        var parameter = Training.Parameter("bias", 0, 1);
        var state = new OptimizerState(new ClippyAdagrad(0.01), [parameter]);

        for (var step = 0; step < 50; step++)
        {
            state.Step((parameter, [-1, -1]));
        }

        Assert.Equal(1e-6 * (Math.Pow(1.1, 50) - 1), parameter.Weights()[0], 1e-7);
        Assert.InRange(parameter.Weights()[1], 1, 1.001f);
    }

    [Fact]
    public void Large_parameters_are_shrunk_by_one_factor_each()
    {
        // The weight that allows least lies in the last piece of the first parameter and says nothing about the second.
        var values = Enumerable.Range(0, 100_000).Select(i => i == 99_999 ? 0.5f : 1).ToArray();
        var (held, free) = (Training.Parameter("held", values), Training.Parameter("free", 1, 1));
        var state = new OptimizerState(new ClippyAdagrad(1) { InitialAccumulator = 1, Epsilon = 0, AbsoluteThreshold = 0 }, [held, free]);

        state.Step((held, [.. Enumerable.Repeat(1f, 100_000)]), (free, [1, 1]));

        Assert.Equal(0.95f, held.Weights()[0], 1e-6f);
        Assert.Single(held.Weights()[..^1].Distinct());
        Equal([0.9, 0.9], free.Weights());
    }

    [Fact]
    public void An_accumulator_of_zero_is_filled_before_it_is_used()
    {
        var parameter = Training.Parameter("x", 1, 2);
        var state = new OptimizerState(new ClippyAdagrad(0.1) { InitialAccumulator = 0, Epsilon = 0 }, [parameter]);

        state.Step((parameter, [0.5f, 0]));
        Assert.Equal([1, 2], parameter.Weights());
        state.Step((parameter, [0.5f, 0]));
        Equal([0.9, 2], parameter.Weights());
    }

    [Fact]
    public void Settings_without_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClippyAdagrad { VariableRelativeThreshold = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClippyAdagrad { AccumulatorRelativeThreshold = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClippyAdagrad { AbsoluteThreshold = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClippyAdagrad { InitialAccumulator = double.NaN });
        Assert.Throws<ArgumentException>(() => new ClippyAdagrad { ClipAccumulatorUpdate = true, UseStandardAccumulatorUpdate = true });
        Assert.Throws<ArgumentException>(() => new ClippyAdagrad { UseStandardAccumulatorUpdate = true, ClipAccumulatorUpdate = true });
    }

    [Fact]
    public void Every_setting_is_part_of_what_a_checkpoint_belongs_to()
    {
        ClippyAdagrad[] all =
        [
            new(), new(0.1), new() { InitialAccumulator = 1 }, new() { VariableRelativeThreshold = 1 }, new() { AccumulatorRelativeThreshold = 1 },
            new() { AbsoluteThreshold = 1 }, new() { Epsilon = 1 }, new() { ClipAccumulatorUpdate = true }, new() { UseStandardAccumulatorUpdate = true },
        ];

        Assert.Equal(all.Length, all.Select(optimizer => optimizer.Describe()).Distinct().Count());
    }

    private static ClippyAdagrad Make(string setting) => setting switch
    {
        "defaults" => new ClippyAdagrad(0.1) { InitialAccumulator = 0.01 },
        "standard" => new ClippyAdagrad(0.1) { InitialAccumulator = 0, UseStandardAccumulatorUpdate = true },
        _ => new ClippyAdagrad(0.2)
        {
            InitialAccumulator = 0.01,
            VariableRelativeThreshold = 0.4,
            AccumulatorRelativeThreshold = 0.01,
            AbsoluteThreshold = 0.1,
            Epsilon = 0,
            ClipAccumulatorUpdate = setting != "clipped",
        },
    };

    private static void Equal(IEnumerable<float> expected, float[] actual) => Equal(expected.Select(value => (double)value), actual);

    private static void Equal(IEnumerable<double> expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-6 * Math.Max(1, Math.Abs(pair.First))));
}

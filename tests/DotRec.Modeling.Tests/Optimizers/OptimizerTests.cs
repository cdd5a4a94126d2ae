using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class OptimizerTests
{
    public static TheoryData<string, double[]> KerasValues => new()
    {
        // Ten steps from [1, 2, 3] with gradient [.1, .2, 1], Keras' defaults.
        { "sgd", [0.99, 1.98, 2.9] },
        { "adam", [0.99, 1.99, 2.99] },
        { "adagrad", [0.997426, 1.996257, 2.995074] },
        { "rmsprop", [0.982668, 1.982668, 2.982668] },
    };

    public static TheoryData<string> Elementwise => ["sgd", "momentum", "adam", "adagrad", "rmsprop"];

    public static TheoryData<string> All => [.. Elementwise.Select(row => row.Data), "clippy"];

    [Theory]
    [MemberData(nameof(KerasValues))]
    public void Ten_steps_give_keras_values(string name, double[] expected)
    {
        var parameter = Dense([1, 2, 3]);
        var state = new OptimizerState(Make(name), [parameter]);

        Repeat(10, () => Step(state, (parameter, [0.1f, 0.2f, 1f])));

        Assert.All(parameter.Value.Values.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-6));
    }

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void Every_element_is_updated_by_the_same_formula_whatever_the_width(string name)
    {
        // 37 is no multiple of any vector: full vectors and the tail must agree with updates one by one.
        var random = new SeededRandom(1);
        var (start, gradients) = (Draw(random, 37), Enumerable.Range(0, 5).Select(_ => Draw(random, 37)).ToArray());
        var whole = Dense(start);
        var single = start.Select(value => Dense([value])).ToArray();
        var wholeState = new OptimizerState(Make(name), [whole]);
        var singleStates = single.Select(parameter => new OptimizerState(Make(name), [parameter])).ToArray();

        foreach (var gradient in gradients)
        {
            Step(wholeState, (whole, gradient));
            for (var i = 0; i < single.Length; i++)
            {
                Step(singleStates[i], (single[i], [gradient[i]]));
            }
        }

        Assert.Equal(single.Select(parameter => parameter.Value.Values[0]), whole.Value.Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Rows_of_a_table_move_as_a_dense_parameter_would_and_other_rows_stay(string name)
    {
        var random = new SeededRandom(2);
        var start = Draw(random, 6 * 5);
        var table = new Parameter("table", isRowSparse: true, 6, 5);
        start.CopyTo(table.Value.WritableValues());
        var rows = Dense(start[5..15]);
        var tableState = new OptimizerState(Make(name), [table]);
        var rowState = new OptimizerState(Make(name), [rows]);

        for (var step = 0; step < 4; step++)
        {
            // Row 2 is used twice: its gradients add up before the one update.
            var seed = Draw(random, 3 * 5);
            Tensor.Backward((table.Value.Gather(new Indices(new[] { 2, 1, 2 })), seed));
            tableState.Step(100);
            Step(rowState, (rows, [.. seed[5..10], .. seed[..5].Zip(seed[10..], (x, y) => x + y)]));
        }

        Assert.Equal(rows.Value.Values.ToArray(), table.Value.Values[5..15].ToArray());
        Assert.Equal(start[..5], table.Value.Values[..5].ToArray());
        Assert.Equal(start[15..], table.Value.Values[15..].ToArray());
    }

    [Fact]
    public void Weight_decay_shrinks_weights_by_rate_times_decay_apart_from_the_gradient()
    {
        var parameter = Dense([10f, -4f]);
        var state = new OptimizerState(new Adam(0.1) { WeightDecay = 0.5 }, [parameter]);

        Step(state, (parameter, [0f, 0f]));

        Assert.Equal([9.5f, -3.8f], parameter.Value.Values.ToArray());
    }

    [Fact]
    public void Clipping_scales_all_gradients_to_one_norm()
    {
        var (x, y) = (Dense([0f, 0f]), Dense([0f]));
        var state = new OptimizerState(new Sgd(1) { ClipNorm = 1 }, [x, y]);

        // Norm of (3, 0, 4) is 5.
        Step(state, (x, [3f, 0f]), (y, [4f]));

        Assert.Equal([-0.6f, 0f, -0.8f], [.. x.Value.Values, .. y.Value.Values]);
        Step(state, (x, [0.3f, 0f]), (y, [0.4f]));
        Assert.Equal(-0.9f, x.Value.Values[0], 1e-6f);
    }

    [Fact]
    public void A_schedule_warms_up_then_decays_to_its_end()
    {
        var linear = LearningRateSchedule.LinearDecay(0.5) with { WarmupSteps = 2 };
        Assert.Equal([0.5, 1, 1, 0.875, 0.75, 0.625, 0.5], Enumerable.Range(0, 7).Select(step => linear.FactorAt(step, 6)));
        var cosine = LearningRateSchedule.CosineDecay();
        Assert.Equal([1, 0.5, 0], Enumerable.Range(0, 3).Select(step => Math.Round(cosine.FactorAt(step * 50, 100), 12)));
        Assert.Equal(1, LearningRateSchedule.Constant.FactorAt(7, 3));
    }

    [Fact]
    public void Settings_without_effect_or_sense_are_refused()
    {
        Assert.Contains("changes nothing", Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad(0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0.1) { Momentum = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { Beta2 = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad { WeightDecay = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad { ClipNorm = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp { Rho = 1 });
    }

    private static Optimizer Make(string name) => name switch
    {
        "sgd" => new Sgd(0.01),
        "momentum" => new Sgd(0.01) { Momentum = 0.9 },
        "adam" => new Adam(),
        "rmsprop" => new RmsProp(),
        "clippy" => new ClippyAdagrad(0.5),
        _ => new Adagrad(0.001),
    };

    private static Parameter Dense(float[] values)
    {
        var parameter = new Parameter("weights", values.Length);
        values.CopyTo(parameter.Value.WritableValues());
        return parameter;
    }

    private static float[] Draw(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];

    private static void Repeat(int count, Action action)
    {
        for (var i = 0; i < count; i++)
        {
            action();
        }
    }

    private static void Step(OptimizerState state, params (Parameter Parameter, float[] Gradient)[] gradients)
    {
        // The gradient of the sum of w · g is g.
        var terms = gradients.Select(pair => (pair.Parameter.Value * Tensor.From(pair.Gradient, pair.Gradient.Length)).Sum()).ToArray();
        terms.Aggregate((x, y) => x + y).Backward();
        state.Step(plannedSteps: 100);
    }
}

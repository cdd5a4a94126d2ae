using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>An optimizer at work on the parameters of one fit: the state beside every weight and the count of steps.</summary>
internal sealed class OptimizerState
{
    private const int DenseRange = 1 << 14;
    private const int RowRange = 256;

    private readonly IReadOnlyList<UpdateRule> _rules;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly UpdateRule[] _ruleOf;
    private readonly float[][][] _slots;

    /// <exception cref="InvalidOperationException">A parameter has no rule, or more than one.</exception>
    public OptimizerState(Optimizer optimizer, IReadOnlyList<Parameter> parameters)
    {
        _rules = optimizer.Rules;
        _parameters = parameters;
        _ruleOf = optimizer.Assign(parameters);
        _slots = new float[parameters.Count][][];
        for (var i = 0; i < _slots.Length; i++)
        {
            var length = parameters[i].Value.Length;
            _slots[i] = [.. _ruleOf[i].InitialSlots.Select(value =>
            {
                var slot = new float[length];
                Array.Fill(slot, value);
                return slot;
            })];
        }
    }

    /// <summary>Steps done.</summary>
    public long StepCount { get; set; }

    /// <summary>State arrays: [parameter][slot][weight].</summary>
    public IReadOnlyList<IReadOnlyList<float[]>> Slots => _slots;

    /// <summary>Every setting of the rules, and which parameters each moves when there are several: a checkpoint is only resumed by the same.</summary>
    public string Describe() => string.Join("; ", _rules.Select(rule => _rules.Count == 1
        ? rule.Describe()
        : $"{rule.Describe()} on {string.Join(", ", _parameters.Where((_, i) => _ruleOf[i] == rule).Select(parameter => parameter.Name))}"));

    /// <summary>Applies the gradients of one batch and forgets them.</summary>
    /// <param name="plannedSteps">Steps of the whole fit, for the schedule.</param>
    public void Step(long plannedSteps)
    {
        StepCount++;
        foreach (var rule in _rules)
        {
            var rate = rule.LearningRate * rule.Schedule.FactorAt(StepCount - 1, plannedSteps);
            var step = new UpdateStep((float)rate, (float)(1 - (rate * rule.WeightDecay)), GradientScale(rule), StepCount);
            for (var i = 0; i < _parameters.Count; i++)
            {
                if (_ruleOf[i] == rule)
                {
                    Update(rule, _parameters[i], _slots[i], step);
                }
            }
        }

        foreach (var parameter in _parameters)
        {
            parameter.ClearGradient();
        }
    }

    private static void Update(UpdateRule rule, Parameter parameter, float[][] slots, UpdateStep step)
    {
        if (parameter.RowGradient is { } rows)
        {
            step = rule.Shrinks ? step with { Shrink = ShrinkRows(rule, parameter, rows, slots, step) } : step;
            UpdateRows(rule, parameter, rows, slots, step);
        }
        else if (parameter.Gradient is { } gradient)
        {
            step = rule.Shrinks ? step with { Shrink = ShrinkAll(rule, parameter, gradient, slots, step) } : step;
            UpdateAll(rule, parameter, gradient, slots, step);
        }
    }

    private static void UpdateAll(UpdateRule rule, Parameter parameter, Tensor gradient, float[][] slots, UpdateStep step)
    {
        var value = parameter.Value;
        Parallelism.ForRanges(value.Length, DenseRange, (start, end) => rule.Update(
            value.WritableValues()[start..end], gradient.Values[start..end], new OptimizerSlots(slots, start, end - start), step));
    }

    private static void UpdateRows(UpdateRule rule, Parameter parameter, RowGradient rows, float[][] slots, UpdateStep step)
    {
        var (value, width) = (parameter.Value, rows.Width);
        Parallelism.ForRanges(rows.Count, RowRange, (start, end) =>
        {
            var weights = value.WritableValues();
            for (var i = start; i < end; i++)
            {
                var at = rows.Rows[i] * width;
                rule.Update(weights.Slice(at, width), rows.Values.Slice(i * width, width), new OptimizerSlots(slots, at, width), step);
            }
        });
    }

    private static float ShrinkAll(UpdateRule rule, Parameter parameter, Tensor gradient, float[][] slots, UpdateStep step)
    {
        var least = new float[(parameter.Value.Length + DenseRange - 1) / DenseRange];
        Parallelism.ForRanges(parameter.Value.Length, DenseRange, (start, end) => least[start / DenseRange] = rule.Shrink(
            parameter.Value.Values[start..end], gradient.Values[start..end], Part(slots, 0, start, end - start), step));
        return least.Append(1).Min();
    }

    // Rows that the batch does not touch have no say.
    private static float ShrinkRows(UpdateRule rule, Parameter parameter, RowGradient rows, float[][] slots, UpdateStep step)
    {
        var width = rows.Width;
        var least = new float[(rows.Count + RowRange - 1) / RowRange];
        Parallelism.ForRanges(rows.Count, RowRange, (start, end) =>
        {
            var shrink = 1f;
            for (var i = start; i < end; i++)
            {
                var at = rows.Rows[i] * width;
                shrink = MathF.Min(
                    shrink, rule.Shrink(parameter.Value.Values.Slice(at, width), rows.Values.Slice(i * width, width), Part(slots, 0, at, width), step));
            }

            least[start / RowRange] = shrink;
        });
        return least.Min();
    }

    private static Span<float> Part(float[][] slots, int slot, int start, int length) =>
        slot < slots.Length ? slots[slot].AsSpan(start, length) : default;

    // Summed in double, parameter after parameter: the same at any thread count.
    private float GradientScale(UpdateRule rule)
    {
        if (rule.ClipNorm is not { } limit)
        {
            return 1;
        }

        double squares = 0;
        foreach (var parameter in _parameters.Where((_, i) => _ruleOf[i] == rule))
        {
            var gradient = parameter.RowGradient is { } rows ? rows.Values : parameter.Gradient is { } dense ? dense.Values : default;
            foreach (var value in gradient)
            {
                squares += (double)value * value;
            }
        }

        var norm = Math.Sqrt(squares);
        return norm > limit ? (float)(limit / norm) : 1;
    }
}

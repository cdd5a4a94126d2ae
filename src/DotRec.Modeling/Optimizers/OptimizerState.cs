using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>An optimizer at work on the parameters of one fit: the state beside every weight and the count of steps.</summary>
internal sealed class OptimizerState
{
    private const int DenseRange = 1 << 14;
    private const int RowRange = 256;

    private readonly Optimizer _optimizer;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly float[][][] _slots;

    public OptimizerState(Optimizer optimizer, IReadOnlyList<Parameter> parameters)
    {
        _optimizer = optimizer;
        _parameters = parameters;
        _slots = new float[parameters.Count][][];
        for (var i = 0; i < _slots.Length; i++)
        {
            var length = parameters[i].Value.Length;
            _slots[i] = [.. optimizer.InitialSlots.Select(value =>
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

    /// <summary>Applies the gradients of one batch and forgets them.</summary>
    /// <param name="plannedSteps">Steps of the whole fit, for the schedule.</param>
    public void Step(long plannedSteps)
    {
        var rate = _optimizer.LearningRate * _optimizer.Schedule.FactorAt(StepCount, plannedSteps);
        var step = new UpdateStep((float)rate, (float)(1 - (rate * _optimizer.WeightDecay)), GradientScale(), ++StepCount);
        for (var i = 0; i < _parameters.Count; i++)
        {
            var parameter = _parameters[i];
            if (parameter.RowGradient is { } rows)
            {
                UpdateRows(parameter, rows, _slots[i], step);
            }
            else if (parameter.Gradient is { } gradient)
            {
                UpdateAll(parameter, gradient, _slots[i], step);
            }

            parameter.ClearGradient();
        }
    }

    private void UpdateAll(Parameter parameter, Tensor gradient, float[][] slots, UpdateStep step)
    {
        var value = parameter.Value;
        Parallelism.ForRanges(value.Length, DenseRange, (start, end) => _optimizer.Update(
            value.WritableValues()[start..end], gradient.Values[start..end], Part(slots, 0, start, end - start), Part(slots, 1, start, end - start), step));
    }

    private void UpdateRows(Parameter parameter, RowGradient rows, float[][] slots, UpdateStep step)
    {
        var (value, width) = (parameter.Value, rows.Width);
        Parallelism.ForRanges(rows.Count, RowRange, (start, end) =>
        {
            var weights = value.WritableValues();
            for (var i = start; i < end; i++)
            {
                var at = rows.Rows[i] * width;
                _optimizer.Update(weights.Slice(at, width), rows.Values.Slice(i * width, width), Part(slots, 0, at, width), Part(slots, 1, at, width), step);
            }
        });
    }

    private static Span<float> Part(float[][] slots, int slot, int start, int length) =>
        slot < slots.Length ? slots[slot].AsSpan(start, length) : default;

    // Summed in double, parameter after parameter: the same at any thread count.
    private float GradientScale()
    {
        if (_optimizer.ClipNorm is not { } limit)
        {
            return 1;
        }

        double squares = 0;
        foreach (var parameter in _parameters)
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

using System.Numerics.Tensors;
using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>A moving average of all weights over the steps of a fit, to be measured and kept in their place.</summary>
internal sealed class WeightAverage
{
    private const int Range = 1 << 14;

    // The first weights are noise: with t steps done, a step counts at least 9 / (10 + t), so that they are soon forgotten.
    private const double FirstSteps = 10;

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly double _decay;
    private readonly float[][] _averages;

    /// <param name="parameters">Whose values are averaged.</param>
    /// <param name="decay">β, less than 1.</param>
    public WeightAverage(IReadOnlyList<Parameter> parameters, double decay)
    {
        (_parameters, _decay) = (parameters, decay);
        _averages = [.. parameters.Select(parameter => parameter.Value.Values.ToArray())];
    }

    /// <summary>Called when the weights of step <paramref name="step"/>, from 1, stand: average = β·average + (1 − β)·weights.</summary>
    public void AfterStep(long step)
    {
        var decay = (float)Math.Min(_decay, (1.0 + step) / (FirstSteps + step));
        for (var i = 0; i < _averages.Length; i++)
        {
            var (average, value) = (_averages[i], _parameters[i].Value);
            Parallelism.ForRanges(average.Length, Range, (start, end) =>
            {
                var part = average.AsSpan(start..end);
                TensorPrimitives.Lerp(value.Values[start..end], part, decay, part);
            });
        }
    }

    /// <summary>Exchanges the weights and their average.</summary>
    public void Exchange()
    {
        for (var i = 0; i < _averages.Length; i++)
        {
            var weights = _parameters[i].Value.Values.ToArray();
            _averages[i].CopyTo(_parameters[i].Value.WritableValues());
            _averages[i] = weights;
        }
    }
}

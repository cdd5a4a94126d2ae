using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The mean of the weights over the last steps of a fit (Polyak and Juditsky, 1992). It takes the noise of the last batches out of the
/// weights, which a constant learning rate leaves in.
/// </summary>
/// <remarks>
/// A row of an embedding table changes only in steps that use it, so its sum is brought up to date only then: the cost of a step follows the
/// rows it touches, not the size of the table.
/// </remarks>
internal sealed class TailAverage
{
    private const string SumPrefix = "tail sum:";
    private const string StepPrefix = "tail step:";

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly long _start;
    private readonly float[][] _sums;

    // By table row, the last step whose weights are in the sum.
    private readonly int[]?[] _counted;

    /// <summary>Makes the mean of the weights after each of the steps <paramref name="start"/> + 1, … .</summary>
    public TailAverage(IReadOnlyList<Parameter> parameters, long start)
    {
        _parameters = parameters;
        _start = start;
        _sums = [.. parameters.Select(parameter => new float[parameter.Value.Length])];
        _counted = [.. parameters.Select(parameter => parameter.IsRowSparse ? new int[parameter.Value.Shape[0]] : null)];
    }

    /// <summary>Called when the gradients of step <paramref name="step"/> (from 1) are known, before the weights change.</summary>
    public void BeforeStep(long step)
    {
        for (var i = 0; step > _start && i < _parameters.Count; i++)
        {
            if (_counted[i] is { } counted && _parameters[i].RowGradient is { } gradient)
            {
                foreach (var row in gradient.Rows)
                {
                    CatchUp(i, row, counted, step - 1);
                }
            }
        }
    }

    /// <summary>Called when the weights of step <paramref name="step"/> stand.</summary>
    public void AfterStep(long step)
    {
        for (var i = 0; step > _start && i < _parameters.Count; i++)
        {
            if (_counted[i] is null)
            {
                TensorPrimitives.Add(_sums[i], _parameters[i].Value.Values, _sums[i]);
            }
        }
    }

    /// <summary>Replaces the weights by their mean, after <paramref name="step"/> steps in all.</summary>
    public void Apply(long step)
    {
        if (step <= _start)
        {
            return;
        }

        for (var i = 0; i < _parameters.Count; i++)
        {
            for (var row = 0; _counted[i] is { } counted && row < counted.Length; row++)
            {
                CatchUp(i, row, counted, step);
            }

            TensorPrimitives.Multiply(_sums[i], 1f / (step - _start), _parameters[i].Value.WritableValues());
        }
    }

    public void Save(StateFile file)
    {
        for (var i = 0; i < _parameters.Count; i++)
        {
            file.Add(SumPrefix + _parameters[i].Name, _sums[i]);
            if (_counted[i] is { } counted)
            {
                file.Add(StepPrefix + _parameters[i].Name, MemoryMarshal.Cast<int, float>(counted).ToArray());
            }
        }
    }

    /// <summary>Restores what <see cref="Save"/> wrote; false when the file holds no such sums.</summary>
    public bool TryLoad(StateFile file)
    {
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (file.Find(SumPrefix + _parameters[i].Name) is not { } sums || sums.Length != _sums[i].Length)
            {
                return false;
            }

            sums.CopyTo(_sums[i], 0);
            if (_counted[i] is { } counted)
            {
                if (file.Find(StepPrefix + _parameters[i].Name) is not { } steps || steps.Length != counted.Length)
                {
                    return false;
                }

                MemoryMarshal.Cast<float, int>(steps).CopyTo(counted);
            }
        }

        return true;
    }

    private void CatchUp(int parameter, int row, int[] counted, long step)
    {
        var missing = step - Math.Max(counted[row], _start);
        if (missing > 0)
        {
            var width = _sums[parameter].Length / counted.Length;
            var sum = _sums[parameter].AsSpan(row * width, width);
            TensorPrimitives.MultiplyAdd(_parameters[parameter].Value.Values.Slice(row * width, width), missing, sum, sum);
        }

        counted[row] = (int)Math.Max(step, counted[row]);
    }
}

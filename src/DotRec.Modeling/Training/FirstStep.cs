using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Compares weights before and after the first step, to catch settings under which training stands still: the best known is a mean loss with
/// Adagrad's accumulator of 0.1, whose steps are thousands of times smaller than with a summed loss.
/// </summary>
internal sealed class FirstStep
{
    private const int SampledRows = 256;
    private const int SampledWeights = 4096;

    /// <summary>A whole fit of such steps in one direction would move weights by less than this share of their size.</summary>
    private const double MinMovement = 0.01;

    private readonly List<(Parameter Parameter, int[] Positions, float[] Before)> _samples = [];

    /// <summary>Remembers some of the weights that have a gradient.</summary>
    public FirstStep(IReadOnlyList<Parameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            var positions = parameter.RowGradient is { } rows ? Positions(rows)
                : parameter.Gradient is not null ? [.. Enumerable.Range(0, Math.Min(SampledWeights, parameter.Value.Length))]
                : [];
            _samples.Add((parameter, positions, Read(parameter, positions)));
        }
    }

    /// <summary>A warning when a fit of so many steps would hardly change anything, else null.</summary>
    public string? WarningAfter(long plannedSteps)
    {
        double moved = 0, size = 0;
        foreach (var (parameter, positions, before) in _samples)
        {
            var after = Read(parameter, positions);
            for (var i = 0; i < after.Length; i++)
            {
                moved += Math.Pow(after[i] - before[i], 2);
                size += Math.Pow(before[i], 2);
            }
        }

        var share = Math.Sqrt(moved / Math.Max(size, double.Epsilon));
        return share * plannedSteps >= MinMovement ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The first step changed the weights by {share:E1} of their size; at that pace all {plannedSteps} steps together change next to nothing. "
            + $"Raise the learning rate; with a mean loss and Adagrad, lower InitialAccumulator or use LossReduction.Sum.");
    }

    private static int[] Positions(RowGradient rows) =>
        [.. rows.Rows[..Math.Min(SampledRows, rows.Count)].ToArray().SelectMany(row => Enumerable.Range(row * rows.Width, rows.Width))];

    private static float[] Read(Parameter parameter, int[] positions)
    {
        var values = parameter.Value.Values;
        var read = new float[positions.Length];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = values[positions[i]];
        }

        return read;
    }
}

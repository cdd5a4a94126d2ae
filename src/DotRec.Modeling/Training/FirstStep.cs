using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Compares weights before and after the first step, to catch settings under which training stands still (the best known is a mean loss with
/// Adagrad's accumulator of 0.1, whose steps are thousands of times smaller than with a summed loss) or throws away what the weights were.
/// </summary>
internal sealed class FirstStep
{
    private const int SampledRows = 256;
    private const int SampledWeights = 4096;

    /// <summary>A whole fit of such steps in one direction would move weights by less than this share of their size.</summary>
    private const double MinMovement = 0.01;

    /// <summary>A step that moves weights by more than so many times their size. Usual ones move them by up to a few times, as Adagrad's first.</summary>
    private const double MaxMovement = 100;

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

    /// <summary>A warning when a fit of so many steps would hardly change anything, or when a single step changed everything.</summary>
    public IEnumerable<string> WarningsAfter(long plannedSteps)
    {
        double moved = 0, size = 0;
        foreach (var (parameter, positions, before) in _samples)
        {
            var after = Read(parameter, positions);
            for (var i = 0; i < after.Length; i++)
            {
                moved += Math.Pow((double)after[i] - before[i], 2);
                size += Math.Pow(before[i], 2);
            }
        }

        var share = Math.Sqrt(moved / Math.Max(size, double.Epsilon));
        if (share * plannedSteps < MinMovement)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The first step changed the weights by {share:E1} of their size; at that pace all {plannedSteps} steps together change next to nothing. "
                + $"Raise the learning rate; with a mean loss and Adagrad, lower InitialAccumulator or use LossReduction.Sum.");
        }

        // Weights that start at 0 have no size to compare with.
        if (size > 0 && share > MaxMovement)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"The first step changed the weights by {share:G2} times their size: the learning rate is too large. Lower it.");
        }
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

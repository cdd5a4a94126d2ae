namespace DotRec.Features;

/// <summary>Finds and checks the boundaries between bins.</summary>
internal static class BinBoundaries
{
    /// <summary>At most bins − 1 different boundaries; fewer when the numbers repeat. Sorts the numbers.</summary>
    public static double[] Place(double[] numbers, int bins, BinPlacement placement)
    {
        Array.Sort(numbers);
        var boundaries = new List<double>();
        for (var i = 1; i < bins; i++)
        {
            var share = (double)i / bins;
            var boundary = placement == BinPlacement.EqualWidth
                ? numbers[0] + ((numbers[^1] - numbers[0]) * share)
                : Quantile(numbers, share);

            // A boundary at the smallest number would fence off an empty bin.
            if (boundary > (boundaries.Count == 0 ? numbers[0] : boundaries[^1]))
            {
                boundaries.Add(boundary);
            }
        }

        return [.. boundaries];
    }

    public static double[] Checked(double[] boundaries, string label)
    {
        for (var i = 0; i < boundaries.Length; i++)
        {
            if (!double.IsFinite(boundaries[i]))
            {
                throw new ArgumentException(FormattableString.Invariant($"{label}: boundary {i} is {boundaries[i]}; expected finite numbers."), nameof(boundaries));
            }

            if (i > 0 && boundaries[i] <= boundaries[i - 1])
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"{label}: boundaries must rise, but boundary {i} is {boundaries[i]} after {boundaries[i - 1]}. Sort them and remove repeats."),
                    nameof(boundaries));
            }
        }

        return boundaries;
    }

    /// <summary>Linear between order statistics, as numpy's default.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        return below + 1 < sorted.Length
            ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]))
            : sorted[below];
    }
}

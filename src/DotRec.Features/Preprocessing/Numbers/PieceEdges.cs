namespace DotRec.Features;

/// <summary>Arithmetic of bins between edges, the same in training form and ONNX form.</summary>
internal static class PieceEdges
{
    /// <summary>Cuts that leave bins which can be divided by: one that is too close to its neighbour is dropped, as is one at an end.</summary>
    public static double[] Divisible(double least, double[] cuts, double greatest)
    {
        var kept = new List<double>();
        var edge = least;
        foreach (var cut in cuts)
        {
            if (HalfWidth(edge, cut) > 0 && HalfWidth(cut, greatest) > 0)
            {
                kept.Add(cut);
                edge = cut;
            }
        }

        return [.. kept];
    }

    /// <summary>Half the width of every bin, for the whole may be infinite; 1 for the single bin of equal numbers.</summary>
    public static double[] HalfWidths(double[] lower, double[] upper)
    {
        var widths = new double[lower.Length];
        for (var bin = 0; bin < widths.Length; bin++)
        {
            var width = HalfWidth(lower[bin], upper[bin]);
            widths[bin] = width > 0 ? width : 1;
        }

        return widths;
    }

    /// <summary>The number of cuts that are at most as large.</summary>
    public static int BinOf(double[] cuts, double x)
    {
        var (low, high) = (0, cuts.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = cuts[middle] <= x ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static double HalfWidth(double lower, double upper) => (upper * 0.5) - (lower * 0.5);
}

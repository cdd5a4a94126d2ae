namespace DotRec.Benchmarks;

/// <summary>Medians of times: what other processes did to a few of them does not count.</summary>
internal static class Median
{
    /// <summary>The upper median of at least one value; the values stay as they are.</summary>
    public static double Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    /// <summary>The median over passes of every position.</summary>
    public static double[] Across(double[][] passes)
    {
        var medians = new double[passes[0].Length];
        for (var i = 0; i < medians.Length; i++)
        {
            medians[i] = Of(Array.ConvertAll(passes, pass => pass[i]));
        }

        return medians;
    }
}

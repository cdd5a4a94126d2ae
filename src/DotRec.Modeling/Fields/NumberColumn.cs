using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>What the numbers of a column look like: whether some are missing, and how lopsided they are.</summary>
internal readonly record struct NumberColumn(bool HasMissing, double Skewness, double LogarithmicSkewness)
{
    /// <summary>An exponential distribution has skewness 2: what is beyond has a heavier tail than waiting times.</summary>
    private const double Skewed = 2;

    /// <summary>
    /// Skewed, and the logarithm evens it out. It does not where most numbers are 0 and the rest are large, as with capital gains: there it would
    /// only push all others to one place. Numbers too large for a variance have no other way.
    /// </summary>
    public bool IsSkewed => !double.IsFinite(Skewness) || (Math.Abs(Skewness) > Skewed && Math.Abs(LogarithmicSkewness) <= Skewed);

    public static NumberColumn Of(Column column)
    {
        var numbers = column switch
        {
            Column<long> integers => Array.ConvertAll(integers.Values.ToArray(), value => (double)value),
            Column<float> floats => Array.ConvertAll(floats.Values.ToArray(), value => (double)value),
            _ => ((Column<double>)column).Values.ToArray(),
        };
        var present = Array.FindAll(numbers, double.IsFinite);
        return new NumberColumn(
            Array.Exists(numbers, double.IsNaN), SkewnessOf(present), SkewnessOf(Array.ConvertAll(present, x => Math.CopySign(Math.Log(1 + Math.Abs(x)), x))));
    }

    /// <summary>The third moment over the cube of the deviation; 0 for equal numbers.</summary>
    private static double SkewnessOf(double[] numbers)
    {
        var mean = numbers.Length == 0 ? 0 : numbers.Average();
        double squares = 0, cubes = 0;
        foreach (var number in numbers)
        {
            var distance = number - mean;
            squares += distance * distance;
            cubes += distance * distance * distance;
        }

        var variance = squares / Math.Max(1, numbers.Length);
        return variance > 0 ? cubes / numbers.Length / (variance * Math.Sqrt(variance)) : 0;
    }
}

namespace DotRec.Features;

/// <summary>Mean and population variance.</summary>
internal sealed record Moments(double Mean, double Variance)
{
    /// <summary>Two passes, so that a large mean costs no digits; equal numbers have variance 0 exactly.</summary>
    public static Moments Of(ReadOnlySpan<double> numbers)
    {
        // The first number as origin keeps the sum small for timestamps, and exact for equal numbers.
        var origin = numbers[0];
        double sum = 0;
        foreach (var number in numbers)
        {
            sum += number - origin;
        }

        var mean = origin + (sum / numbers.Length);
        double squares = 0;
        foreach (var number in numbers)
        {
            squares += (number - mean) * (number - mean);
        }

        return new Moments(mean, squares / numbers.Length);
    }

    public static Moments Checked(double mean, double variance, string label)
    {
        if (!double.IsFinite(mean))
        {
            throw new ArgumentOutOfRangeException(nameof(mean), FormattableString.Invariant($"{label}: the mean is {mean}; expected a finite number."));
        }

        return double.IsFinite(variance) && variance >= 0 ? new Moments(mean, variance) : throw new ArgumentOutOfRangeException(
            nameof(variance), FormattableString.Invariant($"{label}: the variance is {variance}; expected a finite number of at least 0."));
    }
}

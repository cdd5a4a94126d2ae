using System.Globalization;

namespace DotRec.Benchmarks;

/// <summary>Numbers with commas between, as several options take them.</summary>
internal static class NumberList
{
    /// <summary>Shares in percent, above 0, at most 100 or below it.</summary>
    public static double[] Percents(string option, string text, bool below100 = false) => Parse(
        option, text, value => value > 0 && (below100 ? value < 100 : value <= 100), $"percents above 0 and {(below100 ? "below" : "at most")} 100 with commas between, such as 10,1,.1");

    /// <summary>Whole numbers from 1 on.</summary>
    public static int[] Counts(string option, string text, int max) => Array.ConvertAll(
        Parse(option, text, value => value >= 1 && value <= max && value == Math.Floor(value), $"whole numbers from 1 to {max} with commas between, such as 1,100"), value => (int)value);

    private static double[] Parse(string option, string text, Func<double, bool> fits, string expected)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length == 0
            ? throw new UsageException($"{option} is '{text}'; expected {expected}.")
            : Array.ConvertAll(parts, part => double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && fits(value)
                ? value
                : throw new UsageException($"{option} has '{part}'; expected {expected}."));
    }
}

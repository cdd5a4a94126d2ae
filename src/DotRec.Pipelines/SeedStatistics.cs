using System.Text.Json.Nodes;

namespace DotRec.Pipelines;

/// <summary>One figure over several seeds: mean and sample standard deviation (0 for a single seed).</summary>
internal readonly record struct SeedStatistics(double Mean, double Deviation)
{
    public static SeedStatistics Of(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new SeedStatistics(mean, values.Count > 1 ? Math.Sqrt(squares / (values.Count - 1)) : 0);
    }

    public JsonObject ToJson() => new() { ["mean"] = Mean, ["std"] = Deviation };

    public string ToText(bool withDeviation) => FormattableString.Invariant(
        withDeviation ? $"{Mean:.0000} ± {Deviation:.0000}" : (FormattableString)$"{Mean:.0000}");
}

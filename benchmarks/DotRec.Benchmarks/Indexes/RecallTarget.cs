using System.Globalization;
using System.Text.Json.Nodes;

namespace DotRec.Benchmarks;

/// <summary>A recall to reach, with the fastest setting that reaches it: chosen on one half of the queries, reported on the other.</summary>
/// <param name="Target">The recall.</param>
/// <param name="Point">The choice as the other half saw it; null when no setting reaches the target.</param>
internal sealed record RecallTarget(double Target, FrontPoint? Point)
{
    public static RecallTarget Choose(double target, IEnumerable<MeasuredSetting> settings)
    {
        var choice = settings.Select(setting => (Setting: setting, Validation: setting.OverValidation()))
            .Where(pair => pair.Validation.Recall >= target)
            .OrderByDescending(pair => pair.Validation.Qps)
            .FirstOrDefault();
        return new RecallTarget(target, choice.Setting?.OverTest());
    }

    /// <summary>Reads "0.9,0.95".</summary>
    public static double[] Parse(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part =>
        double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var target) && target is > 0 and <= 1
            ? target
            : throw new UsageException($"--target has '{part}'; expected recalls above 0 and at most 1 with commas between, such as 0.9,0.95,0.99."))];

    public JsonObject ToJson()
    {
        var result = Point?.ToJson() ?? new JsonObject();
        result.Insert(0, "target", Target);
        result.Insert(1, "reached", Point is not null);
        return result;
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>One model on one data set, a value a seed.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Model">The model.</param>
internal sealed record ClickScores(string Data, string Model)
{
    public List<double> Auc { get; } = [];

    public List<double> LogLoss { get; } = [];

    /// <summary>Processor seconds of making, training and testing the model, all threads together.</summary>
    public List<double> Seconds { get; } = [];

    public void Add(double auc, double logLoss, double seconds)
    {
        Auc.Add(auc);
        LogLoss.Add(logLoss);
        Seconds.Add(seconds);
    }

    public string Line => string.Create(CultureInfo.InvariantCulture, $"| {Data} | {Model} | {Text(Auc)} | {Text(LogLoss)} | {Seconds.Average():0.0} |");

    public JsonObject Json => new()
    {
        ["data"] = Data,
        ["model"] = Model,
        ["auc"] = new JsonArray([.. Auc.Select(value => double.IsFinite(value) ? JsonValue.Create(value) : null)]),
        ["logLoss"] = new JsonArray([.. LogLoss.Select(value => JsonValue.Create(value))]),
        ["processorSeconds"] = new JsonArray([.. Seconds.Select(value => JsonValue.Create(value))]),
    };

    /// <summary>Mean and sample deviation, as in the tool's results.</summary>
    public static JsonNode Cell(List<double> values)
    {
        var (mean, deviation) = SeedStatistics.Of(values);
        return ResultTable.Pair(mean, deviation);
    }

    private static string Text(List<double> values)
    {
        var (mean, deviation) = SeedStatistics.Of(values);
        return string.Create(CultureInfo.InvariantCulture, $"{mean:0.0000} ± {deviation:0.0000}");
    }
}

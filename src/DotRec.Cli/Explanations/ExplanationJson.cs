using System.Text.Json.Nodes;
using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>An explanation as JSON, as docs/cli.md describes it.</summary>
internal static class ExplanationJson
{
    public static JsonObject Of(Explanation explanation) => new()
    {
        ["command"] = "explain",
        ["model"] = explanation.Model,
        ["crosses"] = explanation.Crosses is { } crosses ? Of(crosses, explanation.Norm) : null,
        ["cuts"] = new JsonArray([.. explanation.Cuts.Select(cuts => cuts.ToJson())]),
        ["importance"] = explanation.Importance is { } importance ? Of(importance, explanation.MeasuredRows) : null,
        ["rows"] = new JsonArray([.. explanation.Rows.Select(Of)]),
    };

    private static JsonObject Of(CrossWeights crosses, BlockNorm norm) => new()
    {
        ["norm"] = norm == BlockNorm.Frobenius ? ExplainCommand.Frobenius : ExplainCommand.RootMeanSquare,
        ["fields"] = new JsonArray([.. crosses.Fields.Select(field => new JsonObject { ["name"] = field.Name, ["width"] = field.Width })]),
        ["pairs"] = new JsonArray([.. crosses.StrongestPairs(layer: null, norm).Select(pair => new JsonObject { ["first"] = pair.First, ["second"] = pair.Second, ["strength"] = pair.Strength })]),
        ["blockNorms"] = Matrix(crosses.BlockNorms(layer: null, norm), crosses.Fields.Count),
        ["layers"] = new JsonArray([.. crosses.Layers.Select((layer, i) =>
            new JsonObject { ["name"] = layer.Name, ["blockNorms"] = Matrix(crosses.BlockNorms(i, norm), crosses.Fields.Count) })]),
    };

    private static JsonObject Of(PermutationImportance importance, int rows) => new()
    {
        ["rows"] = rows,
        ["baseline"] = new JsonObject(importance.Metrics.Zip(importance.Baseline, (metric, value) => KeyValuePair.Create<string, JsonNode?>(metric.Name, Finite(value)))),
        ["features"] = new JsonArray([.. importance.Features.Select(feature => new JsonObject
        {
            ["feature"] = feature.Feature.Name,
            ["worseBy"] = new JsonObject(importance.Metrics.Zip(feature.Scores, (metric, fall) =>
                KeyValuePair.Create<string, JsonNode?>(metric.Name, new JsonObject { ["mean"] = Finite(fall.Mean), ["std"] = Finite(fall.StandardDeviation) }))),
        })]),
    };

    private static JsonObject Of(ExplainedRow row) => new()
    {
        ["row"] = row.Number,
        ["prediction"] = row.Contributions.Prediction,
        ["baseline"] = row.Contributions.Baseline,
        ["contributions"] = new JsonArray([.. row.Contributions.Features.Zip(row.Values, (share, value) => new JsonObject
        {
            ["feature"] = share.Feature.Name,
            ["value"] = value,
            ["contribution"] = share.Value,
            ["standardError"] = share.StandardError,
        })]),
    };

    private static JsonArray Matrix(double[] values, int columns) =>
        new([.. values.Chunk(columns).Select(row => new JsonArray([.. row.Select(value => JsonValue.Create(value))]))]);

    // AUC of rows of one class is not a number, which JSON cannot say.
    private static JsonValue? Finite(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}

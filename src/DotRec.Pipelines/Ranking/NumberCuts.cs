using System.Text.Json.Nodes;
using DotRec.Features;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Where a tree on the label cut a number into bins: kept among the facts of a bundle, for people to read; the graph has them too.</summary>
/// <param name="Column">The number.</param>
/// <param name="Least">The least of the training rows.</param>
/// <param name="Cuts">The cuts, rising.</param>
/// <param name="Greatest">The greatest of the training rows.</param>
/// <param name="MarksMissing">True where missing numbers have a mark of their own; else they count as the mean.</param>
internal sealed record NumberCuts(string Column, double Least, IReadOnlyList<double> Cuts, double Greatest, bool MarksMissing)
{
    private const string Fact = "cuts";

    /// <summary>The cuts of a network's numbers.</summary>
    public static IReadOnlyList<NumberCuts> Of(RankingNetwork network) =>
    [
        .. network.Fields.Select(field => field.Preprocessing).OfType<PiecewiseLinear>()
            .Select(layer => new NumberCuts(layer.Inputs[0].Name, layer.Least, layer.Cuts, layer.Greatest, layer.MarksMissing)),
    ];

    /// <summary>Those that a bundle tells; none where it tells nothing that can be read.</summary>
    public static IReadOnlyList<NumberCuts> Of(Ranker ranker) =>
        ranker.Options.Facts?[Fact] is JsonArray array ? [.. array.Select(FromJson).OfType<NumberCuts>()] : [];

    public static KeyValuePair<string, JsonNode?> ToFact(IEnumerable<NumberCuts> all) => new(Fact, new JsonArray([.. all.Select(one => one.ToJson())]));

    public JsonObject ToJson() => new()
    {
        ["column"] = Column,
        ["least"] = Least,
        ["cuts"] = new JsonArray([.. Cuts.Select(cut => JsonValue.Create(cut))]),
        ["greatest"] = Greatest,
        ["marksMissing"] = MarksMissing,
    };

    private static NumberCuts? FromJson(JsonNode? node)
    {
        if (node is not JsonObject fact || fact["cuts"] is not JsonArray cuts || Value<string>(fact["column"]) is not { } column)
        {
            return null;
        }

        var numbers = cuts.Select(Number).ToArray();
        return (Number(fact["least"]), Number(fact["greatest"])) is ({ } least, { } greatest) && Array.TrueForAll(numbers, number => number is not null)
            ? new NumberCuts(column, least, [.. numbers.Select(number => number!.Value)], greatest, fact["marksMissing"] is JsonValue mark && mark.TryGetValue(out bool marks) && marks)
            : null;
    }

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static T? Value<T>(JsonNode? node)
        where T : class => node is JsonValue value && value.TryGetValue(out T? text) ? text : null;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>Recommendations as JSON: id, score and display columns of each item, best first.</summary>
internal static class RecommendationJson
{
    public static JsonArray Of(Recommendations recommendations)
    {
        var items = new JsonArray();
        foreach (var item in recommendations)
        {
            var fields = new JsonObject { ["id"] = JsonValue.Create(item.ItemId.Value), ["score"] = item.Score };
            foreach (var (name, value) in item.Fields())
            {
                fields[name] = value is float.NaN or double.NaN or "" ? null : JsonSerializer.SerializeToNode(value);
            }

            items.Add((JsonNode)fields);
        }

        return items;
    }
}

using System.Text.Json.Nodes;

namespace DotRec.Features;

/// <summary>Reads the JSON state of layers; what is missing or of the wrong type is named.</summary>
internal static class LayerState
{
    /// <summary>Column name of a layer made only to read a state into it.</summary>
    public const string Unread = "(unread)";

    public static JsonObject For(PreprocessingLayer layer) => new() { ["layer"] = layer.GetType().Name };

    public static string NameOf(JsonObject state) => Value<string>(state, "layer");

    /// <summary>Runs a restoring action; an argument that a layer would refuse makes the state not valid.</summary>
    public static void Restore(PreprocessingLayer layer, JsonObject state, Action restore)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (NameOf(state) is var name && !string.Equals(name, layer.GetType().Name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"The state is of a layer {name}; expected that of a {layer.GetType().Name}.");
        }

        try
        {
            restore();
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"The state of a layer {name} is not valid. {exception.Message}", exception);
        }
    }

    public static JsonArray Array<T>(IEnumerable<T> values) => new([.. values.Select(value => value switch
    {
        string text => (JsonNode)JsonValue.Create(text),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        _ => throw new NotSupportedException($"A layer state holds no values of type {typeof(T).Name}."),
    })]);

    public static T Value<T>(JsonObject state, string name)
        where T : notnull => state[name] is not null ? Optional<T>(state, name)! : throw new InvalidDataException(
        $"A layer state lacks '{name}'. It holds: {string.Join(", ", state.Select(property => property.Key))}.");

    public static T? Optional<T>(JsonObject state, string name)
    {
        if (!state.TryGetPropertyValue(name, out var node) || node is null)
        {
            return default;
        }

        if (node is T container)
        {
            return container;
        }

        return node is JsonValue value && value.TryGetValue<T>(out var typed) ? typed : throw new InvalidDataException(
            $"'{name}' of a layer state is {Shown(node)}; expected {(typeof(T) == typeof(JsonArray) ? "an array" : "a value of type " + typeof(T).Name)}.");
    }

    public static T[]? Values<T>(JsonObject state, string name)
    {
        if (Optional<JsonArray>(state, name) is not { } array)
        {
            return null;
        }

        var values = new T[array.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = array[i] is T node ? node : array[i] is JsonValue value && value.TryGetValue<T>(out var typed) ? typed : throw new InvalidDataException(
                $"'{name}[{i}]' of a layer state is {Shown(array[i])}; expected a value of type {typeof(T).Name}.");
        }

        return values;
    }

    public static T Enumeration<T>(JsonObject state, string name)
        where T : struct, Enum => Value<string>(state, name) is var text && Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value)
        ? value
        : throw new InvalidDataException($"'{name}' of a layer state is '{text}'; expected one of {string.Join(", ", Enum.GetNames<T>())}.");

    private static string Shown(JsonNode? node) => node?.ToJsonString() is not { } text ? "null" : text.Length <= 60 ? text : text[..60] + "…";
}

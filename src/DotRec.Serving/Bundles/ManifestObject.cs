using System.Globalization;
using System.Text.Json;

namespace DotRec.Serving;

/// <summary>
/// An object of bundle.json, read property by property. Whatever is missing, null, of another type or out of range is named. (A serializer does the same from
/// the types; compiling it takes longer, in a new process, than opening everything else.)
/// </summary>
/// <param name="element">The object.</param>
/// <param name="name">What messages call it: "items", or empty for the whole description.</param>
internal sealed class ManifestObject(JsonElement element, string name)
{
    private delegate bool TryGet<T>(JsonElement value, out T result);

    public string Text(string property) => OptionalText(property) ?? throw Wrong(property, "a text");

    public string? OptionalText(string property) => Find(property) is not { } value ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : throw Wrong(property, "a text");

    public int Integer(string property, int least) => OptionalInteger(property, least) ?? throw Wrong(property, Range(least));

    public int? OptionalInteger(string property, int least) => Number(property, static (JsonElement value, out int result) => value.TryGetInt32(out result), Range(least)) is not { } number ? null
        : number >= least ? number : throw Wrong(property, Range(least));

    public long Long(string property, long least) => Number(property, static (JsonElement value, out long result) => value.TryGetInt64(out result), Range(least)) is { } number && number >= least
        ? number : throw Wrong(property, Range(least));

    public double Real(string property, double above, double most) =>
        Number(property, static (JsonElement value, out double result) => value.TryGetDouble(out result), FormattableString.Invariant($"a number above {above}, at most {most}")) is { } number && number > above && number <= most
            ? number : throw Wrong(property, FormattableString.Invariant($"a number above {above}, at most {most}"));

    public double Real(string property, double least) =>
        Number(property, static (JsonElement value, out double result) => value.TryGetDouble(out result), FormattableString.Invariant($"a number of at least {least}")) is { } number && number >= least && double.IsFinite(number)
            ? number : throw Wrong(property, FormattableString.Invariant($"a number of at least {least}"));

    public bool Flag(string property) => OptionalFlag(property) ?? throw Wrong(property, "true or false");

    public bool? OptionalFlag(string property) => Find(property)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(property, "true or false"),
    };

    public T Choice<T>(string property)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(property), out var choice) && Enum.IsDefined(choice) ? choice : throw Wrong(property, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    public ManifestObject Object(string property) => OptionalObject(property) ?? throw Wrong(property, "an object");

    public ManifestObject? OptionalObject(string property) => Find(property) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new ManifestObject(value, Path(property)) : throw Wrong(property, "an object");

    public T[] Objects<T>(string property, Func<ManifestObject, T> read) => OptionalObjects(property, read) ?? throw Wrong(property, "a list of objects");

    public T[]? OptionalObjects<T>(string property, Func<ManifestObject, T> read)
    {
        var path = Path(property);
        return Items(property, (value, i) => value.ValueKind == JsonValueKind.Object
            ? read(new ManifestObject(value, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")))
            : throw Wrong(property, $"a list of objects; entry {i.ToString(CultureInfo.InvariantCulture)} is {Shown(value)}"));
    }

    public string[] Texts(string property) => OptionalTexts(property) ?? throw Wrong(property, "a list of texts");

    public string[]? OptionalTexts(string property)
    {
        return Items(property, (value, i) => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw Wrong(property, $"a list of texts; entry {i.ToString(CultureInfo.InvariantCulture)} is {Shown(value)}"));
    }

    /// <summary>The properties of an object whose values are texts.</summary>
    public Dictionary<string, string> TextsByName(string property)
    {
        return Members(property).ToDictionary(
            member => member.Name, member => member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw Wrong(property, $"texts by name; {member.Name} is {Shown(member.Value)}"), StringComparer.Ordinal);
    }

    /// <summary>The properties of an object whose values are numbers, NaN and infinities as texts among them.</summary>
    public Dictionary<string, double> NumbersByName(string property)
    {
        return Members(property).ToDictionary(member => member.Name, member => member.Value.ValueKind switch
        {
            JsonValueKind.Number when member.Value.TryGetDouble(out var number) => number,
            JsonValueKind.String when member.Value.GetString() is "NaN" => double.NaN,
            JsonValueKind.String when member.Value.GetString() is "Infinity" => double.PositiveInfinity,
            JsonValueKind.String when member.Value.GetString() is "-Infinity" => double.NegativeInfinity,
            _ => throw Wrong(property, $"numbers by name; {member.Name} is {Shown(member.Value)}"),
        }, StringComparer.Ordinal);
    }

    /// <summary>An object of any form.</summary>
    public System.Text.Json.Nodes.JsonObject? OptionalNode(string property) => Find(property) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? System.Text.Json.Nodes.JsonObject.Create(value.Clone()) : throw Wrong(property, "an object");

    private JsonElement? Find(string property) => element.TryGetProperty(property, out var value)
        ? value.ValueKind != JsonValueKind.Null ? value : throw Wrong(property, "a value, or no such property,")
        : null;

    private T? Number<T>(string property, TryGet<T> tryGet, string expected)
        where T : struct => Find(property) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && tryGet(value, out var number) ? number : throw Wrong(property, expected);

    private T[]? Items<T>(string property, Func<JsonElement, int, T> read) => Find(property) is not { } list ? null
        : list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(read)] : throw Wrong(property, "a list");

    private JsonElement.ObjectEnumerator Members(string property) => Find(property) is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject() : throw Wrong(property, "an object");

    private JsonException Wrong(string property, string expected) => new(
        element.TryGetProperty(property, out var value) ? $"'{Path(property)}' is {Shown(value)}; {expected} was expected." : $"'{Path(property)}' is missing; {expected} was expected.");

    private string Path(string property) => name.Length == 0 ? property : $"{name}.{property}";

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText() is { Length: <= 40 } text ? text : $"{value.GetRawText()[..40]}…",
    };

    private static string Range(long least) => string.Create(CultureInfo.InvariantCulture, $"an integer of {least} or more");
}

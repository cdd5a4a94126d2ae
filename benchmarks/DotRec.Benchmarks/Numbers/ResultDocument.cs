using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace DotRec.Benchmarks;

/// <summary>A file of results in benchmarks/results: what was run, on what, when, and the tables that came of it.</summary>
/// <param name="Content">The object in the file.</param>
internal sealed record ResultDocument(JsonObject Content)
{
    // Letters as they are: these files are read by people and by this program.
    private static readonly JsonSerializerOptions Letters = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not a file of results.</exception>
    public static ResultDocument Read(string path) => JsonNode.Parse(File.ReadAllText(path)) is JsonObject content && content["tables"] is JsonObject
        ? new ResultDocument(content)
        : throw new InvalidDataException($"{path} is not a file of results; 'DotRec.Benchmarks numbers' writes them.");

    /// <summary>The file's text: JSON, a property or a row of a table a line, so that a difference shows which figure moved.</summary>
    public string ToText()
    {
        var properties = Content.Where(property => property.Key != "tables").Select(property => $"  {Name(property.Key)}: {Line(property.Value)},\n");
        var tables = Content["tables"]!.AsObject().Select(table =>
            $"    {Name(table.Key)}: {{\n      \"columns\": {Line(table.Value!["columns"])},\n      \"rows\": [\n"
            + string.Join(",\n", table.Value["rows"]!.AsArray().Select(row => "        " + Line(row))) + "\n      ]\n    }");
        return $"{{\n{string.Concat(properties)}  \"tables\": {{\n{string.Join(",\n", tables)}\n  }}\n}}\n";
    }

    /// <summary>A table by its name.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public ResultTable Table(string name) => Content["tables"]![name] is { } table
        ? ResultTable.Read(table)
        : throw new InvalidDataException($"The result file has no table '{name}'; it has: {string.Join(", ", Content["tables"]!.AsObject().Select(one => one.Key))}.");

    private static string Name(string text) => Line(JsonValue.Create(text));

    private static string Line(JsonNode? node) => node?.ToJsonString(Letters) ?? "null";

    /// <summary>The line that says where figures come from.</summary>
    public string About()
    {
        var machine = Content["machine"]!;
        var load = machine["loadBefore"] is null ? "" : FormattableString.Invariant($"; load {(double)machine["loadBefore"]!:0.0} when it began, {(double)machine["loadAfter"]!:0.0} when it ended");
        var note = Content["note"] is { } text ? $" {text}." : "";
        return $"Command: `{Content["command"]}`. Machine: {machine["processor"]}, {machine["processors"]} processors, {machine["instructionSet"]}, {machine["os"]}, {machine["runtime"]}{load}. "
            + $"{Content["date"]}, commit {Content["commit"]}.{note}";
    }
}

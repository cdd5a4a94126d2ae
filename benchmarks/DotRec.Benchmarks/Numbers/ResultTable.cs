using System.Globalization;
using System.Text.Json.Nodes;

namespace DotRec.Benchmarks;

/// <summary>A column of a table of results.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Format">How its numbers are written, as .NET formats numbers; empty for a column of texts.</param>
internal sealed record ResultColumn(string Title, string Format = "");

/// <summary>
/// A table of figures as a result file keeps it. A cell is a text, a number, a pair of mean and standard deviation over seeds, or null where nothing was measured.
/// </summary>
/// <param name="Columns">Headings, and how numbers are written.</param>
/// <param name="Rows">As many cells a row as there are columns.</param>
internal sealed record ResultTable(IReadOnlyList<ResultColumn> Columns, IReadOnlyList<JsonNode?[]> Rows)
{
    // What a table shows has four digits at most: more would only make the files longer.
    private const int KeptDigits = 6;

    /// <summary>Mean and standard deviation as a cell.</summary>
    public static JsonArray Pair(double mean, double deviation) => [Number(mean), Number(deviation)];

    /// <summary>A number as a cell.</summary>
    public static JsonValue Number(double value) =>
        JsonValue.Create(double.Parse(value.ToString("G" + KeptDigits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    public static ResultTable Read(JsonNode table) => new(
        [.. table["columns"]!.AsArray().Select(column => new ResultColumn((string)column!["title"]!, (string?)column["format"] ?? ""))],
        [.. table["rows"]!.AsArray().Select(row => row!.AsArray().ToArray())]);

    public JsonObject ToJson() => new()
    {
        ["columns"] = new JsonArray([.. Columns.Select(column => column.Format.Length > 0
            ? new JsonObject { ["title"] = column.Title, ["format"] = column.Format }
            : new JsonObject { ["title"] = column.Title })]),
        ["rows"] = new JsonArray([.. Rows.Select(row => new JsonArray([.. row.Select(cell => cell?.DeepClone())]))]),
    };

    /// <summary>The table in Markdown, without a line end after it.</summary>
    public string ToMarkdown() => string.Join('\n', Rows
        .Select(row => Line(row.Select((cell, i) => Text(cell, Columns[i].Format))))
        .Prepend("|" + string.Concat(Columns.Select(column => column.Format.Length > 0 ? "---:|" : "---|")))
        .Prepend(Line(Columns.Select(column => column.Title))));

    private static string Line(IEnumerable<string> cells) => "| " + string.Join(" | ", cells) + " |";

    private static string Text(JsonNode? cell, string format) => cell switch
    {
        null => "",
        JsonArray pair => $"{Text(pair[0], format)} ± {Text(pair[1], format)}",
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => ((double)cell).ToString(format, CultureInfo.InvariantCulture),
    };
}

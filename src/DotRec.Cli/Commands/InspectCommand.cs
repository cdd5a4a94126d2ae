using System.CommandLine;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Pipelines;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary><c>dotrec inspect</c>: what a bundle, an index file or a data file holds.</summary>
internal static class InspectCommand
{
    private const int ShownRows = 5;

    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A bundle's directory, an index file, a file of data, or a folder of its parts." };
        var table = new TableOptions();
        var json = CommonOptions.Json();
        var command = new Command("inspect", "Show what a bundle, an index or a data file holds; checks it on the way.") { path };
        foreach (var option in (Option[])[.. table.All, json])
        {
            command.Add(option);
        }

        command.SetWork(async (parsed, cancellation) =>
        {
            var subject = parsed.GetRequiredValue(path);
            var result = Directory.Exists(subject) && !IsData(subject) ? Bundle(subject)
                : Path.GetExtension(subject) == ".index" && File.Exists(subject) ? Index(subject)
                : await DataAsync(subject, table.Read(parsed), cancellation);
            result.Insert(0, "command", "inspect");
            ResultFile.Write(parsed.GetValue(json), result);
        });
        return command;
    }

    // A folder of the parts of a table, and not one that should be a bundle: those hold models.
    private static bool IsData(string directory) => !BundleDescription.IsIn(directory)
        && Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(Path.GetExtension).ToArray() is { Length: > 0 } extensions
        && !extensions.Any(extension => extension is ".onnx" or ".index" or ".table");

    private static JsonObject Bundle(string directory) => BundleDescription.Read(directory).Kind == BundleKind.Ranker ? RankerBundle(directory) : RecommenderBundle(directory);

    private static JsonObject RankerBundle(string directory)
    {
        using var ranker = Ranker.Load(directory);
        var options = ranker.Options;
        Terminal.Heading($"ranking bundle {directory}");
        Terminal.Table(["", ""],
        [
            ["features", string.Join(", ", ranker.Features)],
            ["label", options.LabelColumn ?? "not told"],
            ["score", options.Facts?["label"]?["positive"] is { } positive ? $"probability of '{positive}'" : $"{options.Score}"],
            ["settings", options.Facts?["settings"]?.ToJsonString() ?? "not told"],
        ]);
        return Manifest(directory, options.Metrics);
    }

    private static JsonObject RecommenderBundle(string directory)
    {
        using var recommender = Recommender.Load(directory);
        var options = recommender.Options;
        Terminal.Heading($"bundle {directory}");
        Terminal.Table(["", ""],
        [
            ["query features", string.Join(", ", recommender.QueryFeatures)],
            ["item features", string.Join(", ", recommender.ItemFeatures)],
            ["items", $"{recommender.Items.Ids.Count:N0}, id {options.ItemIdColumn}, {string.Join(", ", recommender.Items.Columns.Select(column => column.Name))}"],
            ["index", Describe(recommender.Index)],
            ["k", $"{options.K}"],
            ["unknown queries", $"{options.UnknownQueries}"],
        ]);
        return Manifest(directory, options.Metrics);
    }

    private static JsonObject Manifest(string directory, IReadOnlyDictionary<string, double> metrics)
    {
        MetricsTable.Print(metrics);
        Terminal.Say("every file has the length and SHA-256 that bundle.json states.");
        return new JsonObject { ["kind"] = "bundle", ["manifest"] = JsonNode.Parse(File.ReadAllText(Path.Combine(directory, BundleDescription.FileName))) };
    }

    private static JsonObject Index(string path)
    {
        using var index = ItemIndex.Open(path, ArtifactVerification.Full);
        Terminal.Say($"{path}: {Describe(index)}");
        return new JsonObject
        {
            ["kind"] = "index",
            ["items"] = index.Count,
            ["dimension"] = index.Dimension,
            ["scoreFunction"] = $"{index.ScoreFunction}",
            ["isExact"] = index.IsExact,
        };
    }

    private static async Task<JsonObject> DataAsync(string path, CsvOptions layout, CancellationToken cancellation)
    {
        var data = await DataSource.ReadAsync(path, layout, TerminalProgress.Notes(), cancellation);
        Terminal.Say($"{path}: {data.RowCount:N0} rows");
        var shown = Math.Min(ShownRows, data.RowCount);
        Terminal.Table(
            ["column", "type", $"first {shown} values"],
            data.Columns.Select(column => (string[])
                [column.Name, $"{column.Schema.Type}{(column.Schema.IsJagged ? "[]" : "")}", string.Join(", ", Enumerable.Range(0, shown).Select(row => ListField.Join(column, row)))]));
        return new JsonObject
        {
            ["kind"] = "data",
            ["rows"] = data.RowCount,
            ["columns"] = new JsonArray([.. data.Schema.Select(column => new JsonObject { ["name"] = column.Name, ["type"] = $"{column.Type}", ["isList"] = column.IsJagged })]),
        };
    }

    private static string Describe(IItemIndex index) =>
        $"{index.GetType().Name}, {index.Count:N0} items, width {index.Dimension}, {index.ScoreFunction}, {(index.IsExact ? "exact" : "approximate")}";
}

using System.Text.Json;
using System.Text.Json.Nodes;
using DotRec.Kernels;

namespace DotRec.Pipelines;

/// <summary>The figures of settings that were tried, in a file beside a checkpoint: a search that was interrupted does not measure them again.</summary>
internal sealed class SearchLog
{
    private const string Suffix = ".search";
    private readonly string _path;
    private readonly JsonObject _content;

    private SearchLog(string path, JsonObject content) => (_path, _content) = (path, content);

    private JsonObject Figures => _content["figures"]!.AsObject();

    /// <summary>Goes on with the file that is there, or begins one.</summary>
    /// <param name="checkpoint">The checkpoint's path; the file's name is this and ".search".</param>
    /// <param name="of">What the figures depend on: rows and options.</param>
    /// <exception cref="ArgumentException">The file is of another search, or no such file.</exception>
    public static SearchLog Open(string checkpoint, string of)
    {
        var path = checkpoint + Suffix;
        if (!File.Exists(path))
        {
            return new SearchLog(path, new JsonObject { ["of"] = of, ["figures"] = new JsonObject() });
        }

        try
        {
            var log = JsonNode.Parse(File.ReadAllText(path)) is JsonObject content && content["figures"] is JsonObject figures && figures.All(figure => figure.Value?.GetValueKind() == JsonValueKind.Number)
                ? new SearchLog(path, content)
                : throw Refused($"{path} is not the file of a search");
            return (string?)log._content["of"] == of ? log : throw Refused($"{path} is of a search with other rows or options");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Refused($"{path} is not the file of a search ({exception.Message})");
        }

        static ArgumentException Refused(string what) => InvalidOption.Named(nameof(RetrievalPipelineOptions.Checkpoint), $"{what}. Delete it, or name another checkpoint.");
    }

    /// <summary>The figure of settings that were tried; null where they were not.</summary>
    public double? Find(string model, double[] values) => (double?)Figures[Key(model, values)];

    /// <summary>Keeps a figure; the file is written at once, whole or not at all.</summary>
    public void Add(string model, double[] values, double figure)
    {
        Figures[Key(model, values)] = figure;
        OutputFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(_content));
    }

    private static string Key(string model, double[] values) => $"{model} {string.Join(' ', values.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}";
}

using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DotRec.Serving;

/// <summary>The content of bundle.json: what the bundle holds and what it answers to. docs/file-formats.md describes the layout.</summary>
internal abstract record BundleManifest
{
    /// <summary>File name inside the bundle.</summary>
    public const string FileName = "bundle.json";

    /// <summary>The newest format this build reads, and the one it writes.</summary>
    public const int CurrentFormatVersion = 2;

    /// <summary>Version of the layout. Additions keep it; a change that an older reader would misread raises it.</summary>
    [JsonPropertyOrder(-2)]
    public required int FormatVersion { get; init; }

    /// <summary>What the bundle is: "recommender", also where bundle.json does not say, or "ranker".</summary>
    [JsonPropertyOrder(-1)]
    public abstract string Kind { get; }

    /// <summary>Metrics at training time by name, for example "test.hitRate@10".</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Free facts about the model: its settings, its data, who trained it.</summary>
    [JsonPropertyOrder(2)]
    public JsonObject? Facts { get; init; }

    /// <summary>Versions of the libraries that wrote the bundle.</summary>
    [JsonPropertyOrder(3)]
    public required IReadOnlyDictionary<string, string> Libraries { get; init; }

    /// <summary>Names of files the bundle carries for its users and does not read itself; null when there are none.</summary>
    [JsonPropertyOrder(4)]
    public IReadOnlyList<string>? ExtraFiles { get; init; }

    /// <summary>Every other file of the bundle with its length and hash, by name.</summary>
    [JsonPropertyOrder(5)]
    public required IReadOnlyList<BundleFile> Files { get; init; }

    /// <summary>How a bundle of this kind is loaded, for messages.</summary>
    internal abstract string Loader { get; }

    /// <summary>The files that the other properties name.</summary>
    internal abstract IEnumerable<string> NamedFiles { get; }

    /// <summary>Reads the description of a bundle, to learn what it is before loading it. Checks the description, not the other files.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <exception cref="BundleException">There is no bundle, or its description is damaged or of a newer format.</exception>
    public static BundleManifest Read(string directory) => BundleReader.Describe(directory);
}

/// <summary>A model in a bundle: an ONNX graph and, beside it, the vocabularies and tables that grow with the number of users and items.</summary>
/// <param name="File">File name of the graph inside the bundle.</param>
/// <param name="Inputs">Inputs of the whole model: raw features and the lengths of lists.</param>
/// <param name="Outputs">Outputs of the whole model.</param>
/// <param name="GraphInputs">Names of those inputs that the graph has as well; null for all.</param>
/// <param name="Vocabularies">Features that are looked up before the graph; null for none.</param>
/// <param name="Tables">Tables that the graph reads rows of; null for none.</param>
internal sealed record BundleModel(
    string File,
    IReadOnlyList<BundleValue> Inputs,
    IReadOnlyList<BundleValue> Outputs,
    IReadOnlyList<string>? GraphInputs = null,
    IReadOnlyList<BundleVocabulary>? Vocabularies = null,
    IReadOnlyList<BundleTable>? Tables = null)
{
    internal IEnumerable<string> Files => [File, .. (Vocabularies ?? []).Select(vocabulary => vocabulary.File), .. (Tables ?? []).Select(table => table.File)];
}

/// <summary>A feature's values and their row numbers: the value at position i has i + 1, all others have 0.</summary>
/// <param name="File">File name inside the bundle.</param>
/// <param name="Feature">The feature.</param>
/// <param name="Input">The graph's input of row numbers.</param>
internal sealed record BundleVocabulary(string File, string Feature, string Input);

/// <summary>A table beside the graph.</summary>
/// <param name="File">File name inside the bundle.</param>
/// <param name="Input">The graph's input.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="Width">Numbers a row.</param>
internal sealed record BundleTable(string File, string Input, long RowCount, long Width);

/// <summary>One input or output of an ONNX model in a bundle.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Type">Element type: "String", "Int64", "Float" or "Bool".</param>
/// <param name="Shape">One entry an axis: a size such as "32", or a symbol such as "batch".</param>
internal sealed record BundleValue(string Name, string Type, IReadOnlyList<string> Shape);

/// <summary>One file of a bundle.</summary>
/// <param name="Name">File name inside the bundle.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of the content, 64 lower-case hexadecimal digits.</param>
internal sealed record BundleFile(string Name, long Length, string Sha256);

using System.Text.Json.Nodes;

namespace DotRec.Serving;

/// <summary>The content of bundle.json: what the bundle holds and what it answers to. docs/file-formats.md describes the layout.</summary>
public sealed record BundleManifest
{
    /// <summary>File name inside the bundle.</summary>
    public const string FileName = "bundle.json";

    /// <summary>The newest format this build reads, and the one it writes.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>Version of the layout. Additions keep it; a change that an older reader would misread raises it.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The model that turns raw query features into an embedding.</summary>
    public required BundleModel Query { get; init; }

    /// <summary>The model that turns raw item features into an embedding; null when the bundle has none.</summary>
    public BundleModel? Item { get; init; }

    /// <summary>The items and their columns.</summary>
    public required BundleItems Items { get; init; }

    /// <summary>The index over the item embeddings.</summary>
    public required BundleIndex Index { get; init; }

    /// <summary>The feature that tells who asks, for seen items and unknown queries; null when there is none.</summary>
    public string? QueryIdFeature { get; init; }

    /// <summary>Number of recommendations when a caller gives none.</summary>
    public required int K { get; init; }

    /// <summary>What a query with an unknown id gets.</summary>
    public required UnknownQueryPolicy UnknownQueries { get; init; }

    /// <summary>Metrics at training time by name, for example "test.hitRate@10".</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>Free facts about the model: its settings, its data, who trained it.</summary>
    public JsonObject? Facts { get; init; }

    /// <summary>Versions of the libraries that wrote the bundle.</summary>
    public required IReadOnlyDictionary<string, string> Libraries { get; init; }

    /// <summary>Every other file of the bundle with its length and hash, by name.</summary>
    public required IReadOnlyList<BundleFile> Files { get; init; }

    /// <summary>The files that the other properties name.</summary>
    internal IEnumerable<string> NamedFiles => new[] { Query.File, Item?.File, Index.File, Items.File, Items.SeenFile }.OfType<string>();
}

/// <summary>An ONNX model in a bundle.</summary>
/// <param name="File">File name inside the bundle.</param>
/// <param name="Inputs">Inputs of the graph.</param>
/// <param name="Outputs">Outputs of the graph.</param>
public sealed record BundleModel(string File, IReadOnlyList<BundleValue> Inputs, IReadOnlyList<BundleValue> Outputs);

/// <summary>One input or output of an ONNX model in a bundle.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Type">Element type: "String", "Int64", "Float" or "Bool".</param>
/// <param name="Shape">One entry an axis: a size such as "32", or a symbol such as "batch".</param>
public sealed record BundleValue(string Name, string Type, IReadOnlyList<string> Shape);

/// <summary>The items of a bundle.</summary>
/// <param name="File">File name inside the bundle.</param>
/// <param name="Count">Number of items, N.</param>
/// <param name="IdColumn">Column that holds the ids.</param>
/// <param name="IdType">"String" or "Int64".</param>
/// <param name="DisplayColumns">Names of the columns that recommendations show.</param>
/// <param name="PopularityColumn">Column that holds how often each item was chosen in training; null when unknown.</param>
/// <param name="SeenFile">File with the items each query id has had in training; null when there is none.</param>
public sealed record BundleItems(
    string File, int Count, string IdColumn, string IdType, IReadOnlyList<string> DisplayColumns, string? PopularityColumn = null, string? SeenFile = null);

/// <summary>The index of a bundle.</summary>
/// <param name="File">File name inside the bundle.</param>
/// <param name="Dimension">Embedding width, D.</param>
/// <param name="ScoreFunction">How scores are made.</param>
/// <param name="IsExact">True when a search always returns the items with the best scores.</param>
public sealed record BundleIndex(string File, int Dimension, DotRec.Indexing.ScoreFunction ScoreFunction, bool IsExact);

/// <summary>One file of a bundle.</summary>
/// <param name="Name">File name inside the bundle.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of the content, 64 lower-case hexadecimal digits.</param>
public sealed record BundleFile(string Name, long Length, string Sha256);

using System.Text.Json.Nodes;

namespace DotRec.Serving;

/// <summary>What a bundle is, read without loading it.</summary>
/// <param name="Kind">What loads it.</param>
/// <param name="Metrics">Metrics at training time by name, for example "test.hitRate@10".</param>
/// <param name="Facts">Free facts about the model: its settings, its data, who trained it; null when there are none.</param>
/// <param name="Libraries">Versions of the libraries that wrote it.</param>
/// <param name="Bytes">Length of all its files together.</param>
public sealed record BundleDescription(
    BundleKind Kind, IReadOnlyDictionary<string, double> Metrics, JsonObject? Facts, IReadOnlyDictionary<string, string> Libraries, long Bytes)
{
    /// <summary>The file that makes a folder a bundle: its description. docs/file-formats.md describes it.</summary>
    public const string FileName = BundleManifest.FileName;

    /// <summary>Whether a folder says that it is a bundle; whether it is a good one is another question.</summary>
    public static bool IsIn(string directory) => File.Exists(Path.Combine(directory, FileName));

    /// <summary>Reads the description of a bundle. Checks the description, not the other files.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <exception cref="BundleException">There is no bundle, or its description is damaged or of a newer format.</exception>
    public static BundleDescription Read(string directory)
    {
        var manifest = BundleManifest.Read(directory);
        return new BundleDescription(
            manifest is RankerManifest ? BundleKind.Ranker : BundleKind.Recommender, manifest.Metrics, manifest.Facts, manifest.Libraries, manifest.Files.Sum(file => file.Length));
    }
}

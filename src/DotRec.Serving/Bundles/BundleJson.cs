using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DotRec.Serving;

/// <summary>
/// bundle.json as bytes. Its last property, <c>sha256</c>, seals it: the SHA-256 of all bytes before that property's comma. Seal and
/// <c>formatVersion</c> stay as they are in every later format, so that any build can tell damage from news.
/// </summary>
internal static class BundleJson
{
    private const string TailStart = ",\n  \"sha256\": \"";
    private const string TailEnd = "\"\n}\n";
    private const int TailLength = 15 + (2 * SHA256.HashSizeInBytes) + 4;

    private static readonly BundleJsonContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });

    public static byte[] Write(BundleManifest manifest)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, manifest.GetType(), Context);
        var body = json.AsSpan(0, json.Length - "\n}".Length);
        return [.. body, .. Tail(body)];
    }

    /// <exception cref="BundleException">The bytes are damaged, of a newer format, or not a manifest.</exception>
    public static BundleManifest Read(byte[] bytes, string path)
    {
        var sealHolds = bytes.Length > TailLength && bytes.AsSpan(^TailLength..).SequenceEqual(Tail(bytes.AsSpan(..^TailLength)));
        var version = VersionIn(bytes);
        if (version > BundleManifest.CurrentFormatVersion)
        {
            throw new BundleException(
                $"{path} is format {version}; this build reads up to {BundleManifest.CurrentFormatVersion}. Use a newer version of DotRec"
                + (sealHolds ? "." : ", or restore the bundle: its checksum does not match either."));
        }

        if (sealHolds && version < BundleManifest.CurrentFormatVersion)
        {
            throw new BundleException(
                $"{path} is format {version}, of a version of DotRec before its first release; this build reads format {BundleManifest.CurrentFormatVersion}. Train the model again, or save the bundle with this version.");
        }

        if (!sealHolds)
        {
            throw new BundleException($"{path} is damaged or was edited: its content does not match the checksum at its end. Save the bundle again or restore it from a copy.");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return KindIn(document) switch
            {
                RecommenderManifest.KindName => ManifestReader.Recommender(document.RootElement),
                RankerManifest.KindName => ManifestReader.Ranker(document.RootElement),
                var other => throw new BundleException($"{path} has the kind '{other}'; {RecommenderManifest.KindName} and {RankerManifest.KindName} are known. Use a newer version of DotRec."),
            };
        }
        catch (JsonException exception)
        {
            throw Wrong(path, exception.Message, exception);
        }
        catch (InvalidOperationException exception)
        {
            // Bytes that are no UTF-8, or an escape that is half a character: well-formed JSON, but no text.
            throw Wrong(path, "a text in it is no text.", exception);
        }
    }

    private static BundleException Wrong(string path, string what, Exception cause) =>
        new($"{path} is not the description of a bundle: {what} Save the bundle again or restore it from a copy.", cause);

    private static byte[] Tail(ReadOnlySpan<byte> body) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{TailStart}{Convert.ToHexStringLower(SHA256.HashData(body))}{TailEnd}"));

    /// <summary>What the bundle is. Bundles that do not say are recommenders.</summary>
    private static string KindIn(JsonDocument document) =>
        document.RootElement.TryGetProperty("kind", out var kind) ? kind.ToString() : RecommenderManifest.KindName;

    /// <summary>The format version, or 0 when the bytes are too damaged to tell.</summary>
    private static int VersionIn(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("formatVersion", out var version)
                && version.ValueKind == JsonValueKind.Number
                && version.TryGetInt32(out var number) ? number : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(RecommenderManifest))]
[JsonSerializable(typeof(RankerManifest))]
internal sealed partial class BundleJsonContext : JsonSerializerContext;

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>Named float arrays and a JSON document in one file; written whole or not at all, and checked when read.</summary>
/// <remarks>
/// Layout, little-endian: "DOTRECST" | int32 format | int32 header length | header, UTF-8 JSON {"document": …, "arrays": [{"name", "length"}]} |
/// the arrays' float32 values one after another | SHA-256 of all bytes before it.
/// </remarks>
internal sealed class StateFile
{
    private const int Format = 1;
    private const int HashLength = 32;
    private const int PrefixLength = 16;

    private readonly Dictionary<string, float[]> _arrays = new(StringComparer.Ordinal);

    public StateFile(JsonObject document) => Document = document;

    /// <summary>Everything that is not a float array.</summary>
    public JsonObject Document { get; }

    /// <summary>Names of the arrays, in order.</summary>
    public IReadOnlyCollection<string> Names => _arrays.Keys;

    private static ReadOnlySpan<byte> Magic => "DOTRECST"u8;

    /// <summary>An array by name, or null.</summary>
    public float[]? Find(string name) => _arrays.GetValueOrDefault(name);

    /// <summary>Adds an array; it is kept, not copied.</summary>
    public void Add(string name, float[] values) => _arrays.Add(name, values);

    /// <summary>Writes as <see cref="OutputFile"/> does: a crash leaves the old file or the new one.</summary>
    public void Write(string path)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OutputFile.Write(path, WriteTo);
    }

    /// <summary>Reads and verifies a file.</summary>
    /// <exception cref="ArtifactFormatException">The file is not of this kind, newer, truncated or altered.</exception>
    public static StateFile Read(string path)
    {
        using var stream = RegularFile.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> prefix = stackalloc byte[PrefixLength];
        if (stream.ReadAtLeast(prefix, PrefixLength, throwOnEndOfStream: false) < PrefixLength || !prefix[..8].SequenceEqual(Magic))
        {
            throw new ArtifactFormatException(path, 0, "This is no DotRec weights or checkpoint file: it does not start with the mark of one.");
        }

        var format = BinaryPrimitives.ReadInt32LittleEndian(prefix[8..]);
        if (format != Format)
        {
            throw new ArtifactFormatException(path, 8, $"The file is format {format}; this build reads format {Format}. A newer version of DotRec wrote it.");
        }

        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(prefix[12..]);
        var payloadLength = stream.Length - PrefixLength - HashLength;
        if (headerLength < 0 || headerLength > payloadLength)
        {
            throw Truncated(path, stream.Length);
        }

        hash.AppendData(prefix);
        var header = new byte[headerLength];
        stream.ReadExactly(header);
        hash.AppendData(header);
        var (file, lengths) = ParseHeader(path, header);
        if (lengths.Sum(length => (long)length.Length * sizeof(float)) != payloadLength - headerLength)
        {
            throw Truncated(path, stream.Length);
        }

        foreach (var (name, length) in lengths)
        {
            var values = new float[length];
            var bytes = MemoryMarshal.AsBytes(values.AsSpan());
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
            file.Add(name, values);
        }

        Span<byte> expected = stackalloc byte[HashLength];
        stream.ReadExactly(expected);
        return expected.SequenceEqual(hash.GetHashAndReset())
            ? file
            : throw new ArtifactFormatException(path, null, "The checksum does not match the content: the file is damaged. Restore it from a copy, or train again.");
    }

    private static (StateFile File, List<(string Name, int Length)> Lengths) ParseHeader(string path, byte[] header)
    {
        try
        {
            var json = JsonNode.Parse(header)!.AsObject();
            var document = json["document"]!.AsObject();
            json.Remove("document");
            var lengths = new List<(string, int)>();
            foreach (var array in json["arrays"]!.AsArray())
            {
                var length = array!["length"]!.GetValue<int>();
                lengths.Add((array["name"]!.GetValue<string>(), length >= 0 ? length : throw new FormatException("negative length")));
            }

            if (lengths.DistinctBy(array => array.Item1, StringComparer.Ordinal).Count() < lengths.Count)
            {
                throw new FormatException("two arrays of one name");
            }

            return (new StateFile(document), lengths);
        }
        catch (Exception exception) when (exception is JsonException or NullReferenceException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ArtifactFormatException(path, PrefixLength, $"The header cannot be read ({exception.Message}): the file is damaged.");
        }
    }

    private static ArtifactFormatException Truncated(string path, long length) =>
        new(path, null, $"The header describes another length than the {length} bytes there are: the file is truncated or damaged.");

    private void WriteTo(Stream stream)
    {
        var arrays = new JsonArray();
        foreach (var (name, values) in _arrays)
        {
            arrays.Add(new JsonObject { ["name"] = name, ["length"] = values.Length });
        }

        var header = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["document"] = Document.DeepClone(), ["arrays"] = arrays });
        Span<byte> prefix = stackalloc byte[PrefixLength];
        Magic.CopyTo(prefix);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[8..], Format);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[12..], header.Length);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(stream, hash, prefix);
        Append(stream, hash, header);
        foreach (var values in _arrays.Values)
        {
            Append(stream, hash, MemoryMarshal.AsBytes(values.AsSpan()));
        }

        stream.Write(hash.GetHashAndReset());
    }

    private static void Append(Stream stream, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        stream.Write(bytes);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace DotRec.Modeling;

/// <summary>
/// Cross weights as JSON: <c>format</c>, <c>version</c>, <c>fields</c> (name and width, in order), <c>layers</c> (name and <c>kernel</c>: Base64 of
/// little-endian float32, row-major) and <c>sha256</c> over the kernels' bytes.
/// </summary>
internal static class CrossWeightsFile
{
    private const string Format = "dotrec-crosses";
    private const int Version = 1;

    public static byte[] Write(CrossWeights weights)
    {
        using var stream = new MemoryStream();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteStartArray("fields");
            foreach (var field in weights.Fields)
            {
                json.WriteStartObject();
                json.WriteString("name", field.Name);
                json.WriteNumber("width", field.Width);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("layers");
            foreach (var layer in weights.Layers)
            {
                var bytes = new byte[layer.Values.Length * sizeof(float)];
                for (var i = 0; i < layer.Values.Length; i++)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), layer.Values.Span[i]);
                }

                hash.AppendData(bytes);
                json.WriteStartObject();
                json.WriteString("name", layer.Name);
                json.WriteBase64String("kernel", bytes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("sha256", Convert.ToHexStringLower(hash.GetHashAndReset()));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    public static CrossWeights Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format)
            {
                throw new InvalidDataException($"\"format\" is not \"{Format}\".");
            }

            var version = root.GetProperty("version").GetInt32();
            if (version != Version)
            {
                throw new InvalidDataException($"it has version {version}; this build reads version {Version}. Read it with the DotRec that wrote it, or a newer one.");
            }

            var fields = new List<FieldBlock>();
            var offset = 0;
            foreach (var field in root.GetProperty("fields").EnumerateArray())
            {
                var width = field.GetProperty("width").GetInt32();
                fields.Add(new FieldBlock(field.GetProperty("name").GetString() ?? throw new InvalidDataException("a field has no name."), offset, width));
                offset = checked(offset + width);
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var layers = root.GetProperty("layers").EnumerateArray().Select(layer => ReadKernel(layer, hash)).ToArray();
            var sum = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (root.GetProperty("sha256").GetString() != sum)
            {
                throw new InvalidDataException($"its kernels have the SHA-256 {sum}, not the one it states. Export the model again.");
            }

            return new CrossWeights(fields, layers);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or ArgumentException or OverflowException or InvalidDataException)
        {
            throw new InvalidDataException($"This is no file of cross weights: {exception.Message}", exception);
        }
    }

    private static CrossKernel ReadKernel(JsonElement layer, IncrementalHash hash)
    {
        var bytes = layer.GetProperty("kernel").GetBytesFromBase64();
        hash.AppendData(bytes);
        if (bytes.Length % sizeof(float) != 0)
        {
            throw new InvalidDataException($"a kernel has {bytes.Length} bytes, which is no whole number of float32 values.");
        }

        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return new CrossKernel(layer.GetProperty("name").GetString() ?? "", values);
    }
}

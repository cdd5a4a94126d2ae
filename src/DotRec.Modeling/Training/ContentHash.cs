using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>SHA-256 of what a run depends on, to notice that a checkpoint belongs to other data.</summary>
internal static class ContentHash
{
    public static string Of(JsonNode document) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document.ToJsonString())));

    public static string Of(FeatureBatch data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in data.Columns)
        {
            Append(hash, column.Schema.ToString());
            switch (column)
            {
                case Column<string> strings:
                    foreach (var value in strings.Values)
                    {
                        Append(hash, value);
                    }

                    hash.AppendData(MemoryMarshal.AsBytes(strings.Offsets));
                    break;
                case Column<long> integers:
                    hash.AppendData(MemoryMarshal.AsBytes(integers.Values));
                    hash.AppendData(MemoryMarshal.AsBytes(integers.Offsets));
                    break;
                case Column<float> floats:
                    hash.AppendData(MemoryMarshal.AsBytes(floats.Values));
                    hash.AppendData(MemoryMarshal.AsBytes(floats.Offsets));
                    break;
                case Column<double> doubles:
                    hash.AppendData(MemoryMarshal.AsBytes(doubles.Values));
                    hash.AppendData(MemoryMarshal.AsBytes(doubles.Offsets));
                    break;
            }
        }

        return $"{data.RowCount} rows {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    // With the length in front, two strings cannot pass for one.
    private static void Append(IncrementalHash hash, string text)
    {
        var length = text.Length;
        hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}

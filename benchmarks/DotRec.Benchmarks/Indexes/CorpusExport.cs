using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace DotRec.Benchmarks;

/// <summary>Writes a corpus and its right answers as .npy files, for other libraries to be measured on the very same.</summary>
internal static class CorpusExport
{
    public static void Write(string folder, VectorCorpus corpus, GroundTruth truth)
    {
        Directory.CreateDirectory(folder);
        WriteNumpy<float>(Path.Combine(folder, "base.npy"), "<f4", corpus.Items, corpus.Dimension);
        WriteNumpy<float>(Path.Combine(folder, "queries.npy"), "<f4", corpus.Queries, corpus.Dimension);

        // Queries with ties have more right answers than others; the rest of their row is -1.
        var width = truth.Rows.Max(rows => rows.Length);
        WriteNumpy<int>(Path.Combine(folder, "truth.npy"), "<i4", [.. truth.Rows.SelectMany(rows => rows.Concat(Enumerable.Repeat(-1, width - rows.Length)))], width);
        ResultFile.Write(Path.Combine(folder, "corpus.json"), Describe(corpus, truth.K));
    }

    public static JsonObject Describe(VectorCorpus corpus, int k) => new()
    {
        ["name"] = corpus.Name,
        ["items"] = corpus.ItemCount,
        ["dimension"] = corpus.Dimension,
        ["queries"] = corpus.QueryCount,
        ["metric"] = MetricNames.Of(corpus.ScoreFunction),
        ["k"] = k,
    };

    /// <summary>Writes a matrix in NumPy's format, version 1.</summary>
    internal static void WriteNumpy<T>(string path, string type, T[] values, int columns)
        where T : unmanaged
    {
        const int HeadBytes = 128;
        Span<byte> head = stackalloc byte[HeadBytes];
        head.Fill((byte)' ');
        head[^1] = (byte)'\n';
        ReadOnlySpan<byte> signature = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];
        signature.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head[8..], HeadBytes - 10);
        Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({values.Length / columns}, {columns}), }}", head[10..^1]);

        using var file = File.Create(path);
        file.Write(head);
        const int Chunk = 1 << 20;
        for (var first = 0; first < values.Length; first += Chunk)
        {
            file.Write(MemoryMarshal.AsBytes(values.AsSpan(first, Math.Min(Chunk, values.Length - first))));
        }
    }
}

using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>Opens files of vectors by their extension: matrices are mapped (or converted to float32), text is parsed.</summary>
internal static class VectorFile
{
    /// <summary>The rows of a .npy, .fvecs (mapped; decompressed with .gz), .txt, .vec or .tsv file (plain, .gz, or in a .zip).</summary>
    public static EmbeddingSource Open(string path)
    {
        if (Directory.Exists(path) || !(File.Exists(path) || path.Contains(".zip", StringComparison.OrdinalIgnoreCase)))
        {
            throw new UsageException($"{path}: there is no such file. Give a file of vectors: .npy, .fvecs, .txt, .vec or .tsv, or one of them with .gz.");
        }

        switch (Path.GetExtension(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path).ToUpperInvariant())
        {
            case ".NPY" or ".FVECS":
                return NotEmpty(path, EmbeddingSource.Open(path));
            case ".TXT" or ".VEC" or ".TSV" or ".ZIP":
                var text = EmbeddingText.Read(path);
                return EmbeddingSource.From(text.Values, text.Dimension);
            default:
                throw new UsageException($"{path}: the extension tells no format of vectors. Known are .npy, .fvecs, .txt, .vec and .tsv, each also with .gz.");
        }
    }

    private static EmbeddingSource NotEmpty(string path, EmbeddingSource source)
    {
        if (source.Count > 0)
        {
            return source;
        }

        source.Dispose();
        throw new UsageException($"{path} holds no rows; at least one vector is needed.");
    }

    /// <summary>All rows of a source, [N, D], in memory.</summary>
    public static float[] Rows(EmbeddingSource source)
    {
        var values = new float[checked(source.Count * source.Dimension)];
        for (var row = 0; row < source.Count; row++)
        {
            source.CopyRow(row, values.AsSpan(row * source.Dimension, source.Dimension));
        }

        return values;
    }
}

using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Rows of float32 numbers as a mapped file, more than 2 GB of them too.</summary>
internal static class TableFile
{
    private const int ChunkLength = 1 << 20;

    public static void Write(string path, ReadOnlyMemory<float> values, long rowCount, long width) => ArtifactWriter.Write(path, ArtifactKind.Table, writer =>
    {
        writer.Begin(SectionTag.Properties);
        writer.Append<long>([rowCount, width]);
        writer.Begin(SectionTag.Values);
        for (var start = 0; start < values.Length; start += ChunkLength)
        {
            writer.Append(values.Span.Slice(start, Math.Min(ChunkLength, values.Length - start)));
        }
    });

    /// <exception cref="BundleException">The file is damaged, or of another shape.</exception>
    public static Section<float> Open(string path, long rowCount, long width, ICollection<IDisposable>? opened = null) => StoredFile.Open(path, ArtifactKind.Table, file =>
    {
        var shape = file.Read<long>(SectionTag.Properties, 2);
        return shape[0] == rowCount && shape[1] == width && rowCount >= 1 && width >= 1 && rowCount <= long.MaxValue / width
            ? file.Read<float>(SectionTag.Values, rowCount * width)
            : throw StoredFile.Damaged(file, $"it holds {shape[0]} rows of {shape[1]}; {BundleManifest.FileName} promises {rowCount} of {width}.");
    }, opened);
}

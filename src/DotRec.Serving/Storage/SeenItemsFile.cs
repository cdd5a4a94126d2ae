using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The items that each query id has had, as a mapped file.</summary>
internal static class SeenItemsFile
{
    public static void Write(string path, SeenItems seen) => ArtifactWriter.Write(path, ArtifactKind.Seen, writer =>
    {
        VocabularyFile.Append(writer, seen.Queries);
        writer.Section(SectionTag.ListOffsets, seen.Offsets);
        writer.Section(SectionTag.ItemRows, seen.Rows);
    });

    /// <exception cref="BundleException">The file is damaged.</exception>
    public static SeenItems Open(string path, string queryFeature, int itemCount, ICollection<IDisposable>? opened = null) => StoredFile.Open(path, ArtifactKind.Seen, file =>
    {
        var queries = VocabularyFile.Read(file);
        var offsets = file.Read<long>(SectionTag.ListOffsets, queries.Count + 1L);
        var rows = file.Read<int>(SectionTag.ItemRows);
        return offsets[0] == 0 && offsets[queries.Count] == rows.Length
            ? new SeenItems(queryFeature, queries, offsets, rows, itemCount)
            : throw StoredFile.Damaged(file, $"its lists end at {offsets[queries.Count]} of {rows.Length} rows.");
    }, opened);
}

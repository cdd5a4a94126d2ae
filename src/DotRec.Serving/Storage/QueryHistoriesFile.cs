using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>What each query id had, in order, as a mapped file.</summary>
internal static class QueryHistoriesFile
{
    public static void Write(string path, QueryHistories histories) => ArtifactWriter.Write(path, ArtifactKind.Histories, writer =>
    {
        VocabularyFile.Append(writer, histories.Queries);
        writer.Section(SectionTag.ListOffsets, histories.Offsets);
        writer.Section(SectionTag.ItemRows, histories.Rows);
    });

    /// <exception cref="BundleException">The file is damaged.</exception>
    public static QueryHistories Open(string path, int itemCount, ICollection<IDisposable>? opened = null) => StoredFile.Open(path, ArtifactKind.Histories, file =>
    {
        var queries = VocabularyFile.Read(file);
        var offsets = file.Read<long>(SectionTag.ListOffsets, queries.Count + 1L);
        var rows = file.Read<int>(SectionTag.ItemRows);
        return offsets[0] == 0 && offsets[queries.Count] == rows.Length
            ? new QueryHistories(queries, offsets, rows, itemCount)
            : throw StoredFile.Damaged(file, $"its histories end at {offsets[queries.Count]} of {rows.Length} rows.");
    }, opened);
}

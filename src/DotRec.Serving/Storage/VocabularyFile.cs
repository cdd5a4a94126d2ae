using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Ids and their rows as a mapped file: looked up where they lie, whatever their number.</summary>
internal static class VocabularyFile
{
    public static void Write(string path, ItemIds ids) => ArtifactWriter.Write(path, ArtifactKind.Vocabulary, writer => Append(writer, ids));

    public static ItemIds Open(string path, ICollection<IDisposable>? opened = null) => StoredFile.Open(path, ArtifactKind.Vocabulary, Read, opened);

    public static void Append(ArtifactWriter writer, ItemIds ids)
    {
        writer.Begin(SectionTag.Properties);
        writer.Append<IndexProperties>([new IndexProperties { Count = ids.Count, Dimension = 1, IdStorage = ItemIdSections.StorageOf(ids) }]);
        ItemIdSections.Write(writer, ids);
    }

    public static ItemIds Read(ArtifactFile file) => ItemIdSections.Read(file, IndexProperties.Read(file));
}

using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>How often each item was chosen, and the rows in that order, as a mapped file.</summary>
internal static class PopularityFile
{
    public static void Write(string path, Popularity popularity) => ArtifactWriter.Write(path, ArtifactKind.Popularity, writer =>
    {
        var rows = Enumerable.Range(0, popularity.Counts.Count);
        writer.Begin(SectionTag.Values);
        writer.Append<long>([.. rows.Select(row => popularity.Counts[row])]);
        writer.Begin(SectionTag.ItemRows);
        writer.Append<int>([.. rows.Select(popularity.RowAt)]);
    });

    /// <exception cref="BundleException">The file is damaged, or of another number of items.</exception>
    public static Popularity Open(string path, int itemCount, ICollection<IDisposable>? opened = null) => StoredFile.Open(path, ArtifactKind.Popularity, file => new Popularity(
        new NumberValues<long>(file.Read<long>(SectionTag.Values, itemCount)), new NumberValues<int>(file.Read<int>(SectionTag.ItemRows, itemCount))), opened);
}

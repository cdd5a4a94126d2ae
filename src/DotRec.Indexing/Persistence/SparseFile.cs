namespace DotRec.Indexing;

/// <summary>A <see cref="SparseIndex"/> as a file: properties, lists, priors and their order, ids.</summary>
internal static class SparseFile
{
    public static void Write(string path, SparseIndex index) => ArtifactWriter.Write(path, ArtifactKind.Sparse, writer =>
    {
        writer.Begin(SectionTag.Properties);
        writer.Append<IndexProperties>([IndexProperties.Of(index)]);
        writer.Section(SectionTag.ListOffsets, index.Lists.Offsets);
        writer.Section(SectionTag.ItemRows, index.Lists.Rows);
        writer.Section(SectionTag.Values, index.Lists.Weights);
        writer.Section(SectionTag.Priors, index.Lists.Priors);
        writer.Section(SectionTag.RowsByPosition, index.Lists.ByPrior);
        ItemIdSections.Write(writer, index.Ids);
    });

    public static SparseIndex Read(ArtifactFile file)
    {
        var properties = IndexProperties.Read(file);
        var offsets = file.Read<long>(SectionTag.ListOffsets, properties.Dimension + 1L);
        var rows = file.Read<int>(SectionTag.ItemRows);
        var priors = file.Read<float>(SectionTag.Priors);
        if (properties.ScoreFunction != ScoreFunction.Dot || offsets[0] != 0 || offsets[properties.Dimension] != rows.Length || (priors.Length != 0 && priors.Length != properties.Count))
        {
            throw new ArtifactFormatException(
                file.Memory.Source, null, $"its lists end at {offsets[properties.Dimension]} of {rows.Length} entries, with {priors.Length} priors for {properties.Count} items and {properties.ScoreFunction}. The file is damaged.");
        }

        return new SparseIndex(
            new SparseLists(offsets, rows, file.Read<float>(SectionTag.Values, rows.Length), priors, file.Read<int>(SectionTag.RowsByPosition, priors.Length), properties.Count),
            ItemIdSections.Read(file, properties));
    }
}

using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>A <see cref="BruteForceIndex"/> as a file: properties, embeddings in panels, inverse lengths for the cosine, ids.</summary>
internal static class BruteForceFile
{
    public static void Write(string path, BruteForceIndex index) => ArtifactWriter.Write(path, ArtifactKind.BruteForce, writer =>
    {
        WriteProperties(writer, index);
        writer.Section(SectionTag.Embeddings, index.Panels.Values);
        writer.Section(SectionTag.Scales, index.Panels.Scales);
        ItemIdSections.Write(writer, index.Ids);
    });

    /// <summary>The same file from a source read once; only the inverse lengths, 4 bytes a row, are kept until their section comes.</summary>
    public static void Write(string path, StreamingIndex index) => ArtifactWriter.Write(path, ArtifactKind.BruteForce, writer =>
    {
        WriteProperties(writer, index);
        var panelValues = PanelKernels.Rows * index.Dimension;
        var scales = AllocatedMemory.New<float>(
            index.ScoreFunction == ScoreFunction.Cosine ? (long)EmbeddingPanels.CountPanels(index.Count) * PanelKernels.Rows : 0);
        using var memory = scales.Memory;
        writer.Begin(SectionTag.Embeddings);
        using var stream = new EmbeddingStream(index);
        stream.Read((panels, firstRow) =>
        {
            for (var panel = 0; panel < panels.PanelCount; panel++)
            {
                writer.Append<float>(panels.Values.Span((long)panel * panelValues, panelValues));
            }

            if (scales.Length > 0)
            {
                var rows = panels.PanelCount * PanelKernels.Rows;
                panels.Scales.Span(0, rows).CopyTo(scales.Span(firstRow, rows));
            }
        });
        writer.Section(SectionTag.Scales, scales);
        ItemIdSections.Write(writer, index.Ids);
    });

    public static BruteForceIndex Read(ArtifactFile file)
    {
        var properties = IndexProperties.Read(file);
        var padded = (long)EmbeddingPanels.CountPanels(properties.Count) * PanelKernels.Rows;
        var panels = new EmbeddingPanels(
            file.Read<float>(SectionTag.Embeddings, padded * properties.Dimension),
            file.Read<float>(SectionTag.Scales, properties.ScoreFunction == ScoreFunction.Cosine ? padded : 0),
            properties.Count,
            properties.Dimension);
        return new BruteForceIndex(panels, ItemIdSections.Read(file, properties), properties.ScoreFunction, KernelSelection.Current);
    }

    private static void WriteProperties(ArtifactWriter writer, IItemIndex index)
    {
        writer.Begin(SectionTag.Properties);
        writer.Append<IndexProperties>([IndexProperties.Of(index)]);
    }
}

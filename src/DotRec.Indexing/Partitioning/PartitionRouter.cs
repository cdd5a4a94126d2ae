using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Finds the partitions whose centroids score highest against a query.</summary>
/// <param name="centroids">The centroids in panels: <see cref="PanelKernels"/>.</param>
/// <param name="isRounded">
/// Whether queries are scored against centroids in 8 bits a component: a quarter of the bytes, and far less of an error than a projection's.
/// </param>
internal sealed unsafe class PartitionRouter(EmbeddingPanels centroids, bool isRounded = false)
{
    // Made when the first query comes.
    private BytePanels? _rounded;

    public EmbeddingPanels Centroids => centroids;

    /// <summary>Values of the panels for so many centroids.</summary>
    public static long Length(int partitionCount, int dimension) => (long)EmbeddingPanels.CountPanels(partitionCount) * PanelKernels.Rows * dimension;

    /// <summary>Arranges centroids [P, D].</summary>
    public static PartitionRouter Pack(QuantizedItems items, SectionAllocator allocator)
    {
        var values = allocator.Take<float>(Length(items.PartitionCount, items.Dimension));
        var panels = new EmbeddingPanels(values, default, items.PartitionCount, items.Dimension);
        var panelValues = PanelKernels.Rows * items.Dimension;
        for (var panel = 0; panel < panels.PanelCount; panel++)
        {
            var rows = items.Centroids.AsSpan(panel * panelValues, Math.Min(panelValues, items.Centroids.Length - (panel * panelValues)));
            PanelKernels.Pack(rows, items.Dimension, values.Span((long)panel * panelValues, panelValues));
        }

        return new PartitionRouter(panels, items.Form.Projection is not null);
    }

    /// <summary>Scores every centroid.</summary>
    /// <param name="query">[D].</param>
    /// <param name="scores">[P, rounded up to whole panels], written.</param>
    public void Score<TKernel>(float* query, float* scores)
        where TKernel : struct, IPanelKernel
    {
        if (isRounded)
        {
            ScoreRounded(_rounded ??= Round(), query, scores);
            return;
        }

        var dimension = centroids.Dimension;
        var panel = centroids.Values.Pointer(0, centroids.Values.Length);
        for (var i = 0; i < centroids.PanelCount; i++)
        {
            TKernel.ScoreOne<DotScore>(query, dimension, panel, null, float.PositiveInfinity, scores);
            panel += (long)PanelKernels.Rows * dimension;
            scores += PanelKernels.Rows;
        }
    }

    // Queries have length 1 here.
    private void ScoreRounded(BytePanels rounded, float* query, float* scores)
    {
        var vector = stackalloc short[rounded.VectorLength];
        rounded.Round(new ReadOnlySpan<float>(query, centroids.Dimension), 1, vector);
        rounded.Multiply(vector, 1f / ShortProducts.One, new Span<float>(scores, centroids.Count));
    }

    private BytePanels Round()
    {
        var rows = new float[centroids.Count * centroids.Dimension];
        for (var partition = 0; partition < centroids.Count; partition++)
        {
            centroids.CopyRow(partition, rows.AsSpan(partition * centroids.Dimension, centroids.Dimension));
        }

        return BytePanels.Pack(rows, centroids.Dimension);
    }
}

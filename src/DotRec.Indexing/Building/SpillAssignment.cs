using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Puts every item into a second partition (SOAR, Sun et al. 2023).</summary>
internal static class SpillAssignment
{
    private const int RowsPerPart = 256;

    /// <summary>[N]: the second partition of each item.</summary>
    /// <param name="rows">The items.</param>
    /// <param name="centroids">[P, D], P ≥ 2.</param>
    /// <param name="first">[N]: the first partition of each item.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="report">Told as blocks of rows are done.</param>
    public static int[] Assign(CodedRows rows, float[] centroids, int[] first, float lambda, BuildReport report)
    {
        var dimension = rows.Dimension;
        var second = new int[rows.Count];
        var panels = CentroidPanels.Pack(centroids, dimension);
        var residuals = new Residuals(rows, centroids);
        report.ForParts((rows.Count + RowsPerPart - 1) / RowsPerPart, part =>
        {
            var start = part * RowsPerPart;
            var count = Math.Min(RowsPerPart, rows.Count - start);
            var block = ScratchPool.Rent(2L * count * dimension);
            var items = block.AsSpan(0, count * dimension);
            var directions = block.AsSpan(count * dimension, count * dimension);
            for (var i = 0; i < count; i++)
            {
                residuals.Copy(start + i, first[start + i], items.Slice(i * dimension, dimension), directions.Slice(i * dimension, dimension));
                Residuals.ToUnitLength(directions.Slice(i * dimension, dimension));
            }

            SpillCentroid.Find(panels, items, directions, lambda, first.AsSpan(start, count), second.AsSpan(start, count));
            ScratchPool.Return(block);
        });
        return second;
    }
}

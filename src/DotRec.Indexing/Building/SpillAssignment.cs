using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Puts every item into a second partition (SOAR, Sun et al. 2023).</summary>
internal static class SpillAssignment
{
    private const int RowsPerPart = 256;

    /// <summary>[N]: the second partition of each item.</summary>
    /// <param name="rows">The items.</param>
    /// <param name="centroids">[P, coded width], P ≥ 2. Only what distances are of is looked at.</param>
    /// <param name="first">[N]: the first partition of each item.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="report">Told as blocks of rows are done.</param>
    public static int[] Assign(CodedRows rows, float[] centroids, int[] first, float lambda, BuildReport report)
    {
        var dimension = rows.PlainDimension;
        var second = new int[rows.Count];
        var plain = Plain(centroids, rows.Dimension, dimension);
        var panels = CentroidPanels.Pack(plain, dimension);
        report.ForParts((rows.Count + RowsPerPart - 1) / RowsPerPart, part =>
        {
            var start = part * RowsPerPart;
            var count = Math.Min(RowsPerPart, rows.Count - start);
            var block = ScratchPool.Rent(2L * count * dimension);
            var items = block.AsSpan(0, count * dimension);
            var directions = block.AsSpan(count * dimension, count * dimension);
            for (var i = 0; i < count; i++)
            {
                var item = items.Slice(i * dimension, dimension);
                var direction = directions.Slice(i * dimension, dimension);
                rows.CopyPlain(start + i, item);
                TensorPrimitives.Subtract(item, plain.AsSpan(first[start + i] * dimension, dimension), direction);
                Residuals.ToUnitLength(direction);
            }

            SpillCentroid.Find(panels, items, directions, lambda, first.AsSpan(start, count), second.AsSpan(start, count));
            ScratchPool.Return(block);
        });
        return second;
    }

    private static float[] Plain(float[] centroids, int width, int dimension)
    {
        var plain = new float[centroids.Length / width * dimension];
        for (var (from, to) = (0, 0); to < plain.Length; (from, to) = (from + width, to + dimension))
        {
            centroids.AsSpan(from, dimension).CopyTo(plain.AsSpan(to));
        }

        return plain;
    }
}

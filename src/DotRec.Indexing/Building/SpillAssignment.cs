using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Puts every item into a second partition (SOAR, Sun et al. 2023).</summary>
internal static class SpillAssignment
{
    private const int RowsPerPart = 256;

    /// <summary>The second partition of each of some items.</summary>
    /// <param name="rows">The items.</param>
    /// <param name="numbers">Rows of the items.</param>
    /// <param name="centroids">[P, coded width], P ≥ 2.</param>
    /// <param name="first">[N]: the first partition of each item.</param>
    /// <param name="lambda">λ.</param>
    public static int[] Assign(CodedRows rows, int[] numbers, float[] centroids, int[] first, float lambda)
    {
        var second = new int[numbers.Length];
        var plain = Plain(centroids, rows.Dimension, rows.PlainDimension);
        var panels = CentroidPanels.Pack(plain, rows.PlainDimension);
        Parallelism.ForRanges(numbers.Length, RowsPerPart, (start, end) =>
            AssignSome(
                rows, plain, panels, lambda, numbers.AsSpan(start, end - start), Array.ConvertAll(numbers[start..end], row => first[row]),
                second.AsSpan(start, end - start)));
        return second;
    }

    /// <summary>[N]: the second partition of each item.</summary>
    /// <param name="rows">The items.</param>
    /// <param name="centroids">[P, coded width], P ≥ 2. Only what distances are of is looked at.</param>
    /// <param name="first">[N]: the first partition of each item.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="report">Told as blocks of rows are done.</param>
    public static int[] Assign(CodedRows rows, float[] centroids, int[] first, float lambda, BuildReport report)
    {
        var second = new int[rows.Count];
        var dimension = rows.PlainDimension;
        var plain = Plain(centroids, rows.Dimension, dimension);
        var panels = CentroidPanels.Pack(plain, dimension);
        report.ForParts((rows.Count + RowsPerPart - 1) / RowsPerPart, part =>
        {
            var start = part * RowsPerPart;
            var count = Math.Min(RowsPerPart, rows.Count - start);
            Span<int> numbers = stackalloc int[count];
            for (var i = 0; i < count; i++)
            {
                numbers[i] = start + i;
            }

            AssignSome(rows, plain, panels, lambda, numbers, first.AsSpan(start, count), second.AsSpan(start, count));
        });
        return second;
    }

    private static void AssignSome(
        CodedRows rows, float[] plain, CentroidPanels panels, float lambda, ReadOnlySpan<int> numbers, ReadOnlySpan<int> first, Span<int> second)
    {
        var dimension = rows.PlainDimension;
        var block = ScratchPool.Rent(2L * numbers.Length * dimension);
        var items = block.AsSpan(0, numbers.Length * dimension);
        var directions = block.AsSpan(numbers.Length * dimension, numbers.Length * dimension);
        for (var i = 0; i < numbers.Length; i++)
        {
            var item = items.Slice(i * dimension, dimension);
            var direction = directions.Slice(i * dimension, dimension);
            rows.CopyPlain(numbers[i], item);
            TensorPrimitives.Subtract(item, plain.AsSpan(first[i] * dimension, dimension), direction);
            Residuals.ToUnitLength(direction);
        }

        SpillCentroid.Find(panels, items, directions, lambda, first, second);
        ScratchPool.Return(block);
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

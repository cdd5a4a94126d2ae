using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>What is left of the items when the centroid of their partition is taken away.</summary>
internal sealed class Residuals(CodedRows rows, float[] centroids)
{
    private const int RowsPerPart = 256;

    private readonly int _dimension = rows.Dimension;

    /// <summary>Unit-length residuals of some rows, [n, D].</summary>
    public float[] Directions(int[] numbers, int[] partition)
    {
        var values = new float[checked(numbers.Length * _dimension)];
        Parallelism.ForRanges(numbers.Length, RowsPerPart, (start, end) =>
        {
            var item = new float[_dimension];
            for (var i = start; i < end; i++)
            {
                var residual = values.AsSpan(i * _dimension, _dimension);
                Copy(numbers[i], partition[numbers[i]], item, residual);
                ToUnitLength(residual);
            }
        });
        return values;
    }

    /// <summary>Codes every row: codes [N, M] and scales [N].</summary>
    public (byte[] Codes, float[] Scales) Encode(ResidualEncoder encoder, int[] partition, BuildReport report)
    {
        var blocks = QuantizedItems.BlocksOf(_dimension);
        var codes = new byte[(long)rows.Count * blocks];
        var scales = new float[rows.Count];
        report.ForParts((rows.Count + RowsPerPart - 1) / RowsPerPart, part =>
        {
            var start = part * RowsPerPart;
            var count = Math.Min(RowsPerPart, rows.Count - start);
            var block = ScratchPool.Rent(2L * count * _dimension);
            var items = block.AsSpan(0, count * _dimension);
            var residuals = block.AsSpan(count * _dimension, count * _dimension);
            for (var i = 0; i < count; i++)
            {
                Copy(start + i, partition[start + i], items.Slice(i * _dimension, _dimension), residuals.Slice(i * _dimension, _dimension));
            }

            encoder.Encode(items, residuals, codes.AsSpan(start * blocks, count * blocks), scales.AsSpan(start, count));
            ScratchPool.Return(block);
        });
        return (codes, scales);
    }

    /// <summary>Writes a row and its residual.</summary>
    public void Copy(int row, int partition, Span<float> item, Span<float> residual)
    {
        rows.CopyRow(row, item);
        TensorPrimitives.Subtract(item, centroids.AsSpan(partition * _dimension, _dimension), residual);
    }

    /// <summary>Scales a vector to length 1; zeros stay.</summary>
    public static void ToUnitLength(Span<float> vector) =>
        TensorPrimitives.Multiply(vector, (float)EmbeddingLength.Inverse(EmbeddingLength.Squared(vector)), vector);
}

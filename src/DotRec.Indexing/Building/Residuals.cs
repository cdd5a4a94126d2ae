using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>What is left of the items when the centroid of their partition is taken away.</summary>
internal sealed class Residuals(CodedRows rows, float[] centroids)
{
    private const int RowsPerPart = 256;

    private readonly int _dimension = rows.Dimension;

    /// <summary>Unit-length residuals of some rows, [n, D], in memory that the caller gives back.</summary>
    public Section<float> Directions(int[] numbers, int[] partition)
    {
        var values = AllocatedMemory.New<float>((long)numbers.Length * _dimension);
        Parallelism.ForRanges(numbers.Length, RowsPerPart, (start, end) =>
        {
            var item = new float[_dimension];
            for (var i = start; i < end; i++)
            {
                var residual = values.Span((long)i * _dimension, _dimension);
                Copy(numbers[i], partition[numbers[i]], item, residual);
                ToUnitLength(residual);
            }
        });
        return values;
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

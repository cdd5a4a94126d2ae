using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Mean and covariance of the embeddings of an index, from which mean and deviation of their inner products with any query follow.</summary>
/// <param name="Values">[D + 1, D]: the mean, then the rows of the covariance.</param>
/// <param name="Dimension">D.</param>
internal sealed record EmbeddingMoments(ReadOnlyMemory<float> Values, int Dimension)
{
    private const int BlockRows = 2048;

    /// <summary>Reads all embeddings twice.</summary>
    public static EmbeddingMoments Of(IItemIndex index)
    {
        var d = index.Dimension;
        var (mean, covariance) = (new double[d], new double[d * d]);
        ForBlocks(index, (block, rows) =>
        {
            for (var i = 0; i < rows * d; i++)
            {
                mean[i % d] += block[i] / index.Count;
            }
        });
        var product = new float[d * d];
        ForBlocks(index, (block, rows) =>
        {
            for (var i = 0; i < rows * d; i++)
            {
                block[i] = (float)(block[i] - mean[i % d]);
            }

            GemmKernels.Multiply(transposeA: true, transposeB: false, d, d, rows, block, d, block, d, product, d);
            for (var i = 0; i < product.Length; i++)
            {
                covariance[i] += product[i] / index.Count;
            }
        });
        return new EmbeddingMoments((float[])[.. mean.Select(value => (float)value), .. covariance.Select(value => (float)value)], d);
    }

    /// <summary>Mean and deviation of the inner products of a query with all embeddings. D² multiplications.</summary>
    public (double Mean, double Deviation) OfScores(ReadOnlySpan<float> query)
    {
        var values = Values.Span;
        var variance = 0.0;
        for (var row = 0; row < Dimension; row++)
        {
            variance += query[row] == 0 ? 0 : (double)query[row] * TensorPrimitives.Dot(query, values.Slice((row + 1) * Dimension, Dimension));
        }

        return (TensorPrimitives.Dot(query, values[..Dimension]), Math.Sqrt(Math.Max(0, variance)));
    }

    private static void ForBlocks(IItemIndex index, Action<float[], int> action)
    {
        var d = index.Dimension;
        var block = new float[Math.Min(BlockRows, index.Count) * d];
        for (var start = 0; start < index.Count; start += BlockRows)
        {
            var rows = Math.Min(BlockRows, index.Count - start);
            for (var row = 0; row < rows; row++)
            {
                index.CopyEmbedding(start + row, block.AsSpan(row * d, d));
            }

            action(block, rows);
        }
    }
}

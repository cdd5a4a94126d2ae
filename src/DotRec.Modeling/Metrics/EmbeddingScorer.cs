using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>Scores by inner product of query and item embeddings.</summary>
internal sealed class EmbeddingScorer : ItemScorer
{
    private readonly ReadOnlyMemory<float> _queries;
    private readonly ReadOnlyMemory<float> _items;
    private readonly int _dimension;

    /// <param name="queries">Shape [Q, D].</param>
    /// <param name="items">Shape [N, D].</param>
    /// <param name="dimension">D.</param>
    /// <exception cref="ArgumentException">A length is no multiple of D, or an embedding holds NaN or infinity.</exception>
    public EmbeddingScorer(ReadOnlyMemory<float> queries, ReadOnlyMemory<float> items, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        Check(queries.Span, dimension, "query");
        Check(items.Span, dimension, "item");
        (_queries, _items, _dimension) = (queries, items, dimension);
    }

    public override int ItemCount => _items.Length / _dimension;

    public override void Score(int first, int count, Span<float> scores) => GemmKernels.Multiply(
        transposeA: false,
        transposeB: true,
        count,
        ItemCount,
        _dimension,
        _queries.Span.Slice(first * _dimension, count * _dimension),
        _dimension,
        _items.Span,
        _dimension,
        scores,
        ItemCount);

    private static void Check(ReadOnlySpan<float> embeddings, int dimension, string what)
    {
        if (embeddings.Length % dimension != 0)
        {
            throw new ArgumentException($"The {what} embeddings hold {embeddings.Length} values, which is no multiple of the width {dimension}.");
        }

        for (var row = 0; row < embeddings.Length / dimension; row++)
        {
            if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes(embeddings.Slice(row * dimension, dimension))))
            {
                throw new ArgumentException($"The {what} embedding of row {row} holds NaN or infinity, so its scores mean nothing. Lower the learning rate or check the features.");
            }
        }
    }
}

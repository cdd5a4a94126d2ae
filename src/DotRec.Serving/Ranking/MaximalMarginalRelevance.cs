using System.Buffers;
using System.Numerics.Tensors;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>
/// Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): each place goes to the candidate with the greatest
/// (1 − diversity) · relevance − diversity · (greatest similarity to the items placed before).
/// </summary>
/// <remarks>
/// Relevance is the score, moved and scaled so that the best candidate has 1 and the worst 0: diversity means the same for ratings,
/// probabilities and inner products. Similarity is the cosine of the item embeddings, −1 … 1; 0 for an embedding of zeros. Takes
/// k · candidates · D multiplications.
/// </remarks>
internal static class MaximalMarginalRelevance
{
    /// <summary>Chooses from candidates that are in order.</summary>
    /// <param name="index">Holds the embeddings.</param>
    /// <param name="ranked">The candidates, best first; of equals the earlier one is chosen.</param>
    /// <param name="diversity">0 (the order as it is) … 1 (each as unlike those before as can be). The first item is the best one in any case.</param>
    /// <param name="chosen">Receives different candidates; at most as many as there are.</param>
    public static void Choose(IItemIndex index, ReadOnlySpan<RankedItem> ranked, float diversity, Span<RankedItem> chosen)
    {
        var (count, width) = (ranked.Length, index.Dimension);
        if (chosen.IsEmpty)
        {
            return;
        }

        var units = ArrayPool<float>.Shared.Rent(count * width);
        var numbers = ArrayPool<float>.Shared.Rent(3 * count);
        try
        {
            var embeddings = units.AsSpan(0, count * width);
            var value = numbers.AsSpan(0, count);
            var nearest = numbers.AsSpan(count, count);
            var similarity = numbers.AsSpan(2 * count, count);
            CopyUnitEmbeddings(index, ranked, embeddings);
            Relevance(ranked, value);
            TensorPrimitives.Multiply(value, 1 - diversity, value);
            nearest.Fill(-1);
            var best = 0;
            for (var place = 0; place < chosen.Length; place++)
            {
                chosen[place] = ranked[best];
                value[best] = float.NegativeInfinity; // placed
                DotKernels.DotMany(embeddings.Slice(best * width, width), embeddings, similarity);
                TensorPrimitives.Max(nearest, similarity, nearest);
                best = IndexOfBest(value, nearest, diversity);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(units);
            ArrayPool<float>.Shared.Return(numbers);
        }
    }

    private static int IndexOfBest(ReadOnlySpan<float> value, ReadOnlySpan<float> nearest, float diversity)
    {
        var (best, greatest) = (0, float.NegativeInfinity);
        for (var i = 0; i < value.Length; i++)
        {
            var gain = value[i] - (diversity * nearest[i]);
            if (gain > greatest)
            {
                (best, greatest) = (i, gain);
            }
        }

        return best;
    }

    private static void Relevance(ReadOnlySpan<RankedItem> ranked, Span<float> relevance)
    {
        var (best, worst) = (ranked[0].Score, ranked[^1].Score);
        var range = (double)best - worst;
        for (var i = 0; i < ranked.Length; i++)
        {
            relevance[i] = range > 0 ? (float)((ranked[i].Score - (double)worst) / range) : 1;
        }
    }

    private static void CopyUnitEmbeddings(IItemIndex index, ReadOnlySpan<RankedItem> ranked, Span<float> units)
    {
        for (var i = 0; i < ranked.Length; i++)
        {
            var unit = units.Slice(i * index.Dimension, index.Dimension);
            index.CopyEmbedding(ranked[i].Row, unit);
            var largest = TensorPrimitives.MaxMagnitude(unit);
            if (largest != 0)
            {
                // First to the largest component: squares of very large or small ones would not be finite, or 0.
                TensorPrimitives.Divide(unit, Math.Abs(largest), unit);
                TensorPrimitives.Divide(unit, TensorPrimitives.Norm(unit), unit);
            }
        }
    }
}

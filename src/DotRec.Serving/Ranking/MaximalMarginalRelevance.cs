using System.Buffers;
using System.Numerics.Tensors;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>
/// Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): each place goes to the candidate with the greatest
/// (1 − diversity) · relevance − diversity · (greatest similarity to the items placed before).
/// </summary>
/// <remarks>
/// Relevance is the score, moved and scaled so that the best candidate has 1 and the worst 0: diversity means the same for ratings,
/// probabilities and inner products. Similarity is the cosine of the item embeddings, −1 … 1; 0 for an embedding of zeros; of item-to-item lists that
/// of what two items lead to. Takes k · candidates · D multiplications.
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
        var count = ranked.Length;
        if (chosen.IsEmpty)
        {
            return;
        }

        var numbers = ArrayPool<float>.Shared.Rent(3 * count);
        using var likeness = ItemLikeness.Of(index, ranked);
        try
        {
            var value = numbers.AsSpan(0, count);
            var nearest = numbers.AsSpan(count, count);
            var similarity = numbers.AsSpan(2 * count, count);
            Relevance(ranked, value);
            TensorPrimitives.Multiply(value, 1 - diversity, value);
            nearest.Fill(-1);
            var best = 0;
            for (var place = 0; place < chosen.Length; place++)
            {
                chosen[place] = ranked[best];
                value[best] = float.NegativeInfinity; // placed
                likeness.To(best, similarity);
                TensorPrimitives.Max(nearest, similarity, nearest);
                best = IndexOfBest(value, nearest, diversity);
            }
        }
        finally
        {
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
}

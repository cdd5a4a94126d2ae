using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>What a random order of the candidates reaches: the least that any way to recommend must beat.</summary>
internal static class RandomOrder
{
    /// <summary>The mean over all orders: of c candidates each rank from 1 to c is as likely, so it is exact and needs no draw.</summary>
    /// <param name="candidates">For each row the number of its candidates, at least 1.</param>
    /// <param name="ks">List lengths.</param>
    public static RetrievalMetrics Of(IReadOnlyCollection<int> candidates, ReadOnlySpan<int> ks)
    {
        var weights = new float[candidates.Max()];
        foreach (var count in candidates)
        {
            // Of all ranks up to the count: summed up below.
            weights[count - 1] += 1f / count;
        }

        for (var rank = weights.Length - 1; rank > 0; rank--)
        {
            weights[rank - 1] += weights[rank];
        }

        return RetrievalMetrics.FromRanks([.. Enumerable.Range(1, weights.Length)], ks, weights) with { Count = candidates.Count };
    }
}

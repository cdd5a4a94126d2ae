using System.Globalization;

namespace DotRec.Modeling;

/// <summary>How well ranked lists find the true item. Every figure is a mean over examples, weighted where weights were given.</summary>
/// <remarks>One example has one true item, so the hit rate at k equals recall at k, and k times precision at k.</remarks>
public sealed record RetrievalMetrics
{
    /// <summary>By k: the share of examples whose true item is among the first k (TFRS: top_k_categorical_accuracy).</summary>
    public required MetricByK HitRate { get; init; }

    /// <summary>By k: 1 / log2(1 + rank) where the true item is among the first k, else 0 (NDCG with one relevant item).</summary>
    public required MetricByK Ndcg { get; init; }

    /// <summary>Mean of 1 / rank; an item that was not ranked counts 0.</summary>
    public required double MeanReciprocalRank { get; init; }

    /// <summary>Number of examples.</summary>
    public required long Count { get; init; }

    /// <summary>Examples whose true item could not be ranked: it is not in the catalogue, or was excluded. They count as misses.</summary>
    public required long UnrankedCount { get; init; }

    /// <summary>The figures of ranks.</summary>
    /// <param name="ranks">Rank of each example's true item: 1 is best, 0 means it was not ranked.</param>
    /// <param name="ks">List lengths.</param>
    /// <param name="weights">One weight an example, or empty for equal weights.</param>
    /// <exception cref="ArgumentException">There is no example, the lengths differ, or the weights sum to 0.</exception>
    public static RetrievalMetrics FromRanks(ReadOnlySpan<int> ranks, ReadOnlySpan<int> ks, ReadOnlySpan<float> weights = default)
    {
        if (ranks.Length == 0)
        {
            throw new ArgumentException("There is no example to evaluate. Give data with at least one row.", nameof(ranks));
        }

        if (weights.Length != 0 && weights.Length != ranks.Length)
        {
            throw new ArgumentException($"There are {weights.Length} sample weights for {ranks.Length} examples. Give one weight an example.", nameof(weights));
        }

        var hits = new double[ks.Length];
        var gains = new double[ks.Length];
        double reciprocal = 0, total = 0;
        long unranked = 0;
        for (var i = 0; i < ranks.Length; i++)
        {
            double weight = weights.Length == 0 ? 1 : weights[i];
            total += weight;
            if (ranks[i] == 0)
            {
                unranked++;
                continue;
            }

            reciprocal += weight / ranks[i];
            for (var j = 0; j < ks.Length; j++)
            {
                if (ranks[i] <= ks[j])
                {
                    hits[j] += weight;
                    gains[j] += weight / Math.Log2(1 + ranks[i]);
                }
            }
        }

        if (!(total > 0) || !double.IsFinite(total))
        {
            throw new ArgumentException($"The sample weights sum to {total}; a weighted mean needs a positive, finite sum.", nameof(weights));
        }

        int[] lengths = ks.ToArray();
        return new RetrievalMetrics
        {
            HitRate = new MetricByK("hitRate", lengths.Zip(hits, (k, value) => KeyValuePair.Create(k, value / total))),
            Ndcg = new MetricByK("ndcg", lengths.Zip(gains, (k, value) => KeyValuePair.Create(k, value / total))),
            MeanReciprocalRank = reciprocal / total,
            Count = ranks.Length,
            UnrankedCount = unranked,
        };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        HitRate + string.Create(CultureInfo.InvariantCulture, $", MRR {MeanReciprocalRank:F4}");
}

using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>How well scores order the items of each query: means over queries.</summary>
/// <remarks>
/// <para>
/// Items of equal score could stand in any order: every figure is its expected value over all orders of them (McSherry and Najork, 2008), so constant
/// scores gain nothing by the order of rows.
/// </para>
/// <para>
/// A query in which a figure has no meaning is left out of its mean and counted: all need two different labels, for one row, or rows of one label, stand
/// right in any order (<see cref="UniformCount"/>); NDCG needs a label above 0 (<see cref="UngradedCount"/>); MRR,
/// precision and average precision need a relevant item (<see cref="IrrelevantCount"/>); AUC a relevant and another one. A figure without any query is
/// NaN. The weight of a query is the mean of the weights of its rows.
/// </para>
/// </remarks>
public sealed record QueryMetrics
{
    private const float MaxLabel = 500;

    /// <summary>The cut-offs when none are given.</summary>
    internal static readonly int[] DefaultCutoffs = [1, 5, 10];

    /// <summary>
    /// By cut-off k, the discounted gain of the best k over that of the ideal order: gain 2^label − 1, discount 1 / log₂(rank + 1)
    /// (Burges et al., 2005), as in TF-Ranking.
    /// </summary>
    public required MetricByK Ndcg { get; init; }

    /// <summary>The same over the whole list.</summary>
    public required double FullNdcg { get; init; }

    /// <summary>By cut-off k, the share of relevant items among the best k; k counts also when a list is shorter.</summary>
    public required MetricByK Precision { get; init; }

    /// <summary>Mean of 1 / rank of the first relevant item.</summary>
    public required double ReciprocalRank { get; init; }

    /// <summary>Mean over queries of the mean, over relevant items, of the precision at their rank: MAP.</summary>
    public required double AveragePrecision { get; init; }

    /// <summary>Chance that a relevant item of a query scores above another one of the same query, equal scores counting half.</summary>
    public required double Auc { get; init; }

    /// <summary>Number of queries.</summary>
    public required int QueryCount { get; init; }

    /// <summary>Queries of one row, or whose rows all have the same label: every order of them is right, so they count in no figure.</summary>
    public required int UniformCount { get; init; }

    /// <summary>Queries whose labels are all 0.</summary>
    public required int UngradedCount { get; init; }

    /// <summary>Queries without a relevant item.</summary>
    public required int IrrelevantCount { get; init; }

    /// <summary>Compares the order of scores with labels, query by query.</summary>
    /// <param name="scores">One a row. Only their order within a query matters.</param>
    /// <param name="labels">One a row: graded relevance, 0 or more.</param>
    /// <param name="queries">Which rows belong to one query.</param>
    /// <param name="weights">One a row, or none.</param>
    /// <param name="cutoffs">The k of NDCG and precision; 1, 5 and 10 when null.</param>
    /// <param name="relevantFrom">Smallest label of a relevant item, for all but NDCG.</param>
    /// <exception cref="ArgumentException">
    /// Lengths differ, a score is NaN, a label is not within 0 … 500, a weight is negative, no query has a positive weight, or a cut-off is below 1.
    /// </exception>
    public static QueryMetrics Of(
        ReadOnlySpan<float> scores,
        ReadOnlySpan<float> labels,
        RowGroups queries,
        ReadOnlySpan<float> weights = default,
        IReadOnlyList<int>? cutoffs = null,
        float relevantFrom = 1)
    {
        ArgumentNullException.ThrowIfNull(queries);
        int[] ks = [.. (cutoffs ?? DefaultCutoffs).Distinct()];
        RatingMetrics.TotalWeight(scores, labels, weights);
        Check(scores, labels, queries, ks);
        var ndcg = new WeightedMean[ks.Length];
        var precision = new WeightedMean[ks.Length];
        var (full, reciprocal, average, auc) = (default(WeightedMean), default(WeightedMean), default(WeightedMean), default(WeightedMean));
        var (uniform, ungraded, irrelevant) = (0, 0, 0);
        for (var query = 0; query < queries.Count; query++)
        {
            var rows = queries[query];
            var list = new ScoredList(scores, labels, rows, relevantFrom);
            var weight = Weight(weights, rows);
            var isUniform = IsUniform(labels, rows);
            var (isGraded, isRelevant) = (list.HasGain && !isUniform, list.RelevantCount > 0 && !isUniform);
            uniform += isUniform ? 1 : 0;
            ungraded += list.HasGain ? 0 : 1;
            irrelevant += list.RelevantCount == 0 ? 1 : 0;
            for (var i = 0; i < ks.Length; i++)
            {
                ndcg[i].Add(isGraded ? list.Ndcg(ks[i]) : double.NaN, weight);
                precision[i].Add(isRelevant ? list.Precision(ks[i]) : double.NaN, weight);
            }

            full.Add(isGraded ? list.Ndcg(rows.Length) : double.NaN, weight);
            reciprocal.Add(isRelevant ? list.ReciprocalRank() : double.NaN, weight);
            average.Add(isRelevant ? list.AveragePrecision() : double.NaN, weight);
            auc.Add(list.Auc(), weight);
        }

        return new QueryMetrics
        {
            Ndcg = new MetricByK("ndcg", ks.Zip(ndcg, (k, mean) => KeyValuePair.Create(k, mean.Value))),
            FullNdcg = full.Value,
            Precision = new MetricByK("precision", ks.Zip(precision, (k, mean) => KeyValuePair.Create(k, mean.Value))),
            ReciprocalRank = reciprocal.Value,
            AveragePrecision = average.Value,
            Auc = auc.Value,
            QueryCount = queries.Count,
            UniformCount = uniform,
            UngradedCount = ungraded,
            IrrelevantCount = irrelevant,
        };
    }

    private static bool IsUniform(ReadOnlySpan<float> labels, ReadOnlySpan<int> rows)
    {
        for (var i = 1; i < rows.Length; i++)
        {
            if (labels[rows[i]] != labels[rows[0]])
            {
                return false;
            }
        }

        return true;
    }

    private static double Weight(ReadOnlySpan<float> weights, ReadOnlySpan<int> rows)
    {
        double sum = weights.IsEmpty ? rows.Length : 0;
        for (var i = 0; i < rows.Length && !weights.IsEmpty; i++)
        {
            sum += weights[rows[i]];
        }

        return sum / rows.Length;
    }

    private static void Check(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, RowGroups queries, int[] ks)
    {
        if (queries.RowCount != scores.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores, but the queries are of {queries.RowCount} rows.", nameof(queries));
        }

        foreach (var k in ks)
        {
            if (k < 1)
            {
                throw new ArgumentException($"A cut-off is {k}; cut-offs are 1 or more.", nameof(ks));
            }
        }

        for (var i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]) || labels[i] is not (>= 0 and <= MaxLabel))
            {
                throw new ArgumentException(
                    $"Row {i} has score {scores[i]} and label {labels[i]}; scores are not NaN and labels are grades of relevance, 0 … {MaxLabel} (the gain is 2 to their power).");
            }
        }
    }
}

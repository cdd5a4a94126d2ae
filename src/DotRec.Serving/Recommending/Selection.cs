using System.Collections;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>What one call asks for, checked and with the recommender's defaults: what may be chosen, from how many, and how.</summary>
/// <param name="K">Items a query at most, at least 1.</param>
/// <param name="RankedCandidates">Candidates to retrieve when they are ranked or diversified, at least 1.</param>
/// <param name="Exclude">Ids no query gets.</param>
/// <param name="Filter">Items that may be returned; null for all.</param>
/// <param name="ExcludeSeen">Whether to leave out what the query id has had.</param>
/// <param name="Diversity">0 … 1.</param>
internal readonly record struct Selection(int K, int RankedCandidates, IEnumerable? Exclude, ItemFilter? Filter, bool ExcludeSeen, float Diversity)
{
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Selection Of(RecommendOptions asked, RecommenderOptions defaults) =>
        Of(asked.K, asked.Exclude, asked.Filter, asked.ExcludeSeen, defaults, asked.RankedCandidates, asked.Diversity);

    /// <inheritdoc cref="Of(RecommendOptions, RecommenderOptions)"/>
    public static Selection Of(
        int? k, IEnumerable? exclude, ItemFilter? filter, bool excludeSeen, RecommenderOptions defaults, int? rankedCandidates = null, float diversity = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k ?? 1, 1, nameof(k));
        ArgumentOutOfRangeException.ThrowIfLessThan(rankedCandidates ?? 1, 1, nameof(rankedCandidates));
        return diversity is >= 0 and <= 1
            ? new Selection(k ?? defaults.K, rankedCandidates ?? defaults.RankedCandidates, exclude, filter, excludeSeen, diversity)
            : throw new ArgumentOutOfRangeException(nameof(diversity), diversity, "Diversity is a number from 0 (the best items) to 1 (the most unlike ones).");
    }
}

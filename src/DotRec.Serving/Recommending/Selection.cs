using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>What one call asks for, checked and with the recommender's defaults: what may be chosen, from how many, and how.</summary>
/// <param name="K">Items a query at most, at least 1.</param>
/// <param name="RankedCandidates">Candidates to retrieve when they are ranked or diversified, at least 1.</param>
/// <param name="Exclude">Ids no query gets.</param>
/// <param name="Filter">Items that may be returned; null for all.</param>
/// <param name="ExcludeSeen">Whether to leave out what the query id has had.</param>
/// <param name="Diversity">0 … 1.</param>
internal readonly record struct Selection(
    int K, int RankedCandidates, IReadOnlyCollection<ItemId>? Exclude, ItemFilter? Filter, bool ExcludeSeen, float Diversity)
{
    /// <summary>Candidates to retrieve when there is no ranker.</summary>
    public int Retrieved => Diversity == 0 ? K : Math.Max(K, RankedCandidates);

    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Selection Of(RecommendOptions? asked, RecommenderOptions defaults)
    {
        asked ??= RecommendOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(asked.K ?? 1, 1, $"{nameof(asked)}.{nameof(RecommendOptions.K)}");
        ArgumentOutOfRangeException.ThrowIfLessThan(asked.RankedCandidates ?? 1, 1, $"{nameof(asked)}.{nameof(RecommendOptions.RankedCandidates)}");
        return asked.Diversity is >= 0 and <= 1
            ? new Selection(asked.K ?? defaults.K, asked.RankedCandidates ?? defaults.RankedCandidates, asked.Exclude, asked.Filter, asked.ExcludeSeen ?? defaults.ExcludeSeen, asked.Diversity)
            : throw new ArgumentOutOfRangeException(
                nameof(asked), asked.Diversity, "Diversity is a number from 0 (the best items) to 1 (the most unlike ones).");
    }

    /// <inheritdoc cref="Of(RecommendOptions, RecommenderOptions)"/>
    public static Selection Of(int k, RecommenderOptions defaults)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return new Selection(k, defaults.RankedCandidates, null, null, defaults.ExcludeSeen, 0);
    }
}

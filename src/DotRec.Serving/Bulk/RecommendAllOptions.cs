using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>What <see cref="Recommender.RecommendAll"/> recommends and writes.</summary>
public sealed record RecommendAllOptions
{
    /// <summary>Items a query at most; the recommender's default when null.</summary>
    public int? K { get; init; }

    /// <summary>Items that may be returned; null for all.</summary>
    public ItemFilter? Filter { get; init; }

    /// <summary>Leaves out what each query id has had in training, if the recommender knows; true by default.</summary>
    public bool ExcludeSeen { get; init; } = true;

    /// <inheritdoc cref="RecommendOptions.RankedCandidates"/>
    public int? RankedCandidates { get; init; }

    /// <inheritdoc cref="RecommendOptions.Diversity"/>
    public float Diversity { get; init; }

    /// <summary>Item columns to write beside id and score, lists as a|b|c; none by default.</summary>
    public IReadOnlyList<string> ItemColumns { get; init; } = [];
}

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

    /// <summary>Display columns to write beside id and score; none by default.</summary>
    public IReadOnlyList<string> ItemColumns { get; init; } = [];
}

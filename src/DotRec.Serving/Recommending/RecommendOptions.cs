using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>What one call of <see cref="Recommender"/> asks for.</summary>
public sealed record RecommendOptions
{
    internal static RecommendOptions Default { get; } = new();

    /// <summary>Items a query at most; the recommender's default when null.</summary>
    public int? K { get; init; }

    /// <summary>
    /// Ids of items that may not be returned, any number; ids the index does not hold are ignored. <c>["a", "b"]</c>, <c>[1, 2]</c> or, of ids kept
    /// elsewhere, <c>[.. cart]</c>.
    /// </summary>
    public IReadOnlyCollection<ItemId>? Exclude { get; init; }

    /// <summary>Items that may be returned; null for all. <see cref="ItemTable.Where(string, Func{object, bool})"/> makes one.</summary>
    public ItemFilter? Filter { get; init; }

    /// <summary>Leaves out what the query id has had in training, if the recommender knows; <see cref="RecommenderOptions.ExcludeSeen"/> when null.</summary>
    public bool? ExcludeSeen { get; init; }

    /// <summary>
    /// How many candidates are retrieved to be ranked or diversified; <see cref="RecommenderOptions.RankedCandidates"/> when null, k when that is more.
    /// </summary>
    public int? RankedCandidates { get; init; }

    /// <summary>
    /// How much unlikeness counts against score when the k items are chosen among the candidates: 0, the default, takes the best ones; 1 takes,
    /// after the best one, whatever is least like those before. It is 1 − λ of maximal marginal relevance (Carbonell and Goldstein 1998); scores
    /// are scaled to 0 … 1 over the candidates, likeness is the cosine of the item embeddings.
    /// </summary>
    public float Diversity { get; init; }
}

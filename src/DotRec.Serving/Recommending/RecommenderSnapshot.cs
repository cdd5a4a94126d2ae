using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The items of a recommender at one moment: what one call reads from its beginning to its end. Immutable.</summary>
/// <param name="Index">A view of the embeddings.</param>
/// <param name="Items">Ids and columns, by row of the view.</param>
/// <param name="Popularity">How often each item was chosen; null when unknown.</param>
/// <param name="Seen">What each query id has had; null when unknown.</param>
/// <param name="RankerFeatures">Where the ranker's features come from; empty without a ranker.</param>
internal sealed record RecommenderSnapshot(IItemIndex Index, ItemTable Items, Popularity? Popularity, SeenItems? Seen, RankerFeature[] RankerFeatures);

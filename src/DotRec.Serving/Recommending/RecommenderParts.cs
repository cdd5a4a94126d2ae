using DotRec.Data;
using DotRec.Indexing;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>What a recommender is made of and what a bundle keeps, checked to fit together.</summary>
internal sealed class RecommenderParts
{
    public required StoredModel QueryModel { get; init; }

    public StoredModel? ItemModel { get; init; }

    public StoredModel? Ranker { get; init; }

    public required IItemIndex Index { get; init; }

    /// <summary>True when the index was opened with the recommender and ends with it.</summary>
    public required bool OwnsIndex { get; init; }

    public required ItemTable Items { get; init; }

    public Popularity? Popularity { get; init; }

    public SeenItems? Seen { get; init; }

    public required RecommenderOptions Options { get; init; }

    public static RecommenderParts From(OnnxModel queryModel, IItemIndex index, RecommenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(queryModel);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.K, 1, $"{nameof(options)}.{nameof(options.K)}");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RankedCandidates, 1, $"{nameof(options)}.{nameof(options.RankedCandidates)}");
        ExtraFiles.Check(options.ExtraFiles);
        return new RecommenderParts
        {
            QueryModel = StoredModel.InMemory(queryModel, "query model"),
            ItemModel = options.ItemModel is { } itemModel ? StoredModel.InMemory(itemModel, "item model") : null,
            Ranker = options.Ranker is { } ranker ? StoredModel.InMemory(ranker, "ranker") : null,
            Index = index,
            OwnsIndex = false,
            Items = ItemTable.From(options.ItemIdColumn, index.Ids, options.Items),
            Popularity = options.Interactions is { } chosen ? Popularity.Of(ItemsOf(chosen, options), index.Ids) : null,
            Seen = options.Interactions is { } had && QueriesOf(had, queryModel, options) is var (feature, queries)
                ? SeenItems.Of(feature, queries, ItemsOf(had, options), index.Ids)
                : null,
            Options = options,
        };
    }

    public void CheckAgainst(ModelSignature signature)
    {
        if (signature.Width != Index.Dimension)
        {
            throw new ArgumentException(
                $"The {signature.Name} makes embeddings of width {signature.Width}; the index holds width {Index.Dimension}. Build the index with the item tower trained beside this query tower.");
        }
    }

    public void CheckPolicy(QueryIdentity identity)
    {
        if (Options.UnknownQueries == UnknownQueryPolicy.Popularity && (Popularity is null || !identity.CanTell))
        {
            throw new ArgumentException(Popularity is null
                ? $"Unknown queries are to get the most popular items, but nothing tells which are popular. Set RecommenderOptions.{nameof(RecommenderOptions.Interactions)}."
                : $"Unknown queries are to get the most popular items, but nothing tells which are unknown: the query model has no output '{identity.Feature ?? "id"}{ModelSignature.KnownSuffix}' and there are no seen items.");
        }
    }

    private static Column ItemsOf(FeatureBatch interactions, RecommenderOptions options) =>
        interactions.TryGet(options.ItemIdColumn, out var items) ? items : throw new ArgumentException(
            $"The interactions have no column '{options.ItemIdColumn}', which is to say which item was chosen. Their columns are: {string.Join(", ", interactions.Schema)}.", nameof(interactions));

    /// <summary>The feature that tells who asks and its column in the interactions; null when nothing tells.</summary>
    private static (string Feature, Column Queries)? QueriesOf(FeatureBatch interactions, OnnxModel queryModel, RecommenderOptions options)
    {
        var named = options.QueryIdFeature ?? (ModelSignature.OfTower(StoredModel.InMemory(queryModel), "query").Features is [{ IsJagged: false, Type: ColumnType.String or ColumnType.Int64 } only] ? only.Name : null);
        if (named is null)
        {
            return null;
        }

        return interactions.TryGet(named, out var queries) ? (named, queries)
            : options.QueryIdFeature is null ? null
            : throw new ArgumentException(
                $"The interactions have no column '{named}', which is to say who chose. Their columns are: {string.Join(", ", interactions.Schema)}.", nameof(interactions));
    }
}

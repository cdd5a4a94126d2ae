using DotRec.Data;
using DotRec.Indexing;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>What a recommender is made of and what a bundle keeps, checked to fit together.</summary>
internal sealed record RecommenderParts
{
    /// <summary>Turns a query into an embedding; null where lists are searched with what it had.</summary>
    public StoredModel? QueryModel { get; init; }

    /// <summary>How what a query had is read; null where it does not matter.</summary>
    public HistoryQuery? History { get; init; }

    /// <summary>What the embeddings of <see cref="Index"/> are blended with; null for nothing.</summary>
    public BlendedIndex? Blend { get; init; }

    /// <summary>What query ids had, in order; null where that is not known or does not matter.</summary>
    public QueryHistories? Histories { get; init; }

    public StoredModel? ItemModel { get; init; }

    public StoredModel? Ranker { get; init; }

    public required IItemIndex Index { get; init; }

    /// <summary>True when the index and what it is blended with were opened with the recommender and end with it.</summary>
    public required bool OwnsIndex { get; init; }

    public required ItemTable Items { get; init; }

    public Popularity? Popularity { get; init; }

    public SeenItems? Seen { get; init; }

    public required RecommenderOptions Options { get; init; }

    public static RecommenderParts From(OnnxModel queryModel, IItemIndex index, RecommenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(queryModel);
        ArgumentNullException.ThrowIfNull(index);
        Check(options);
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

    public static RecommenderParts From(HistoryQuery history, SparseIndex index, RecommenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(index);
        Check(options);
        if (options.ItemModel is not null)
        {
            throw new ArgumentException($"A recommender that goes from item to item has no embeddings: leave {nameof(RecommenderOptions)}.{nameof(RecommenderOptions.ItemModel)} out.", nameof(options));
        }

        return From(null, history, index, options);
    }

    public static RecommenderParts From(OnnxModel queryModel, HistoryQuery history, IItemIndex index, BlendedIndex? blend, RecommenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(queryModel);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(index);
        Check(options);
        var parts = From(StoredModel.InMemory(queryModel, "query model"), history, index, options);
        return parts with { Blend = blend, ItemModel = options.ItemModel is { } itemModel ? StoredModel.InMemory(itemModel, "item model") : null };
    }

    private static RecommenderParts From(StoredModel? queryModel, HistoryQuery history, IItemIndex index, RecommenderOptions options)
    {
        var had = options.Interactions;
        var queries = had is not null && options.QueryIdFeature is { } named
            ? had.TryGet(named, out var column) ? column : throw new ArgumentException(
                $"The interactions have no column '{named}', which is to say who chose. Their columns are: {string.Join(", ", had.Schema)}.", nameof(options))
            : null;
        return new RecommenderParts
        {
            QueryModel = queryModel,
            History = history,
            Histories = queries is null ? null : QueryHistories.Of(queries, ItemsOf(had!, options), index.Ids, history.Length),
            Ranker = options.Ranker is { } ranker ? StoredModel.InMemory(ranker, "ranker") : null,
            Index = index,
            OwnsIndex = false,
            Items = ItemTable.From(options.ItemIdColumn, index.Ids, options.Items),
            Popularity = had is null ? null : Popularity.Of(ItemsOf(had, options), index.Ids),
            Seen = queries is null ? null : SeenItems.Of(options.QueryIdFeature!, queries, ItemsOf(had!, options), index.Ids),
            Options = options,
        };
    }

    /// <summary>What a query has to be.</summary>
    public ModelSignature QuerySignature()
    {
        var tower = QueryModel is null ? null : ModelSignature.OfTower(QueryModel, "query");
        if (History is null)
        {
            return tower!;
        }

        var queryId = Histories is { } known ? new ColumnSchema(Options.QueryIdFeature!, known.Type) : null;
        var history = new ColumnSchema(History.Feature, Index.Ids.Type == ItemIdType.String ? ColumnType.String : ColumnType.Int64, IsJagged: true);
        return tower?.WithHistory(queryId, history) ?? ModelSignature.OfHistory(queryId, history, Index.Dimension);
    }

    /// <summary>What reads queries and searches.</summary>
    public QueryEncoder OpenEncoder(ModelSignature signature)
    {
        var queryId = Histories is null ? null : Options.QueryIdFeature;
        return QueryModel is null ? new HistoryEncoder(History!, signature, Index.Ids, Histories, queryId)
            : History is null ? new TowerEncoder(new ServedModel(QueryModel, signature))
            : new HistoryModelEncoder(new ServedModel(QueryModel, signature), History, Index.Ids, Histories, queryId, Blend);
    }

    /// <exception cref="ArgumentException">Queries and index do not fit together.</exception>
    public void CheckAgainst(ModelSignature signature)
    {
        if (QueryModel is null && (Index is not SparseIndex || Index.Dimension != Index.Count))
        {
            throw new ArgumentException(
                $"A recommender that goes from item to item needs a {nameof(SparseIndex)} with a list for each of its items; the index is a {Index.GetType().Name} of {Index.Count} items and {Index.Dimension} dimensions.");
        }

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

    private static void Check(RecommenderOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.K, 1, $"{nameof(options)}.{nameof(options.K)}");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RankedCandidates, 1, $"{nameof(options)}.{nameof(options.RankedCandidates)}");
        ExtraFiles.Check(options.ExtraFiles);
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

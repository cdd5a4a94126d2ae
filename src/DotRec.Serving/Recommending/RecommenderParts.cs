using DotRec.Data;
using DotRec.Indexing;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>What a recommender is made of and what a bundle keeps, checked to fit together.</summary>
internal sealed class RecommenderParts
{
    /// <summary>Turns a query into an embedding; null where <see cref="History"/> reads it.</summary>
    public StoredModel? QueryModel { get; init; }

    /// <summary>How a query is read as a history; null where a model embeds it.</summary>
    public HistoryQuery? History { get; init; }

    /// <summary>What query ids had, in order; null where that is not known or does not matter.</summary>
    public QueryHistories? Histories { get; init; }

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

        var had = options.Interactions;
        var queries = had is not null && options.QueryIdFeature is { } named
            ? had.TryGet(named, out var column) ? column : throw new ArgumentException(
                $"The interactions have no column '{named}', which is to say who chose. Their columns are: {string.Join(", ", had.Schema)}.", nameof(options))
            : null;
        return new RecommenderParts
        {
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
    public ModelSignature QuerySignature() => History is null
        ? ModelSignature.OfTower(QueryModel!, "query")
        : ModelSignature.OfHistory(
            Histories is { } known ? new ColumnSchema(Options.QueryIdFeature!, known.Type) : null,
            new ColumnSchema(History.Feature, Index.Ids.Type == ItemIdType.String ? ColumnType.String : ColumnType.Int64, IsJagged: true),
            Index.Dimension);

    /// <summary>What reads queries and searches.</summary>
    public QueryEncoder OpenEncoder(ModelSignature signature) => History is null
        ? new TowerEncoder(new ServedModel(QueryModel!, signature))
        : new HistoryEncoder(History, signature, Index.Ids, Histories);

    /// <exception cref="ArgumentException">Queries and index do not fit together.</exception>
    public void CheckAgainst(ModelSignature signature)
    {
        if (History is not null && (Index is not SparseIndex || Index.Dimension != Index.Count))
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

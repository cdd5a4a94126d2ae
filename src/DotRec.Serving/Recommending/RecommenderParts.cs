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

    public required RecommenderOptions Options { get; init; }

    public static RecommenderParts From(OnnxModel queryModel, IItemIndex index, RecommenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(queryModel);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.K, 1, $"{nameof(options)}.{nameof(options.K)}");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RankedCandidates, 1, $"{nameof(options)}.{nameof(options.RankedCandidates)}");
        if (options.Popularity is { } counts && counts.Count != index.Count)
        {
            throw new ArgumentException($"Popularity has {counts.Count} counts but the index holds {index.Count} items. Give one a row.", nameof(options));
        }

        ExtraFiles.Check(options.ExtraFiles);
        return new RecommenderParts
        {
            QueryModel = StoredModel.InMemory(queryModel),
            ItemModel = options.ItemModel is { } itemModel ? StoredModel.InMemory(itemModel) : null,
            Ranker = options.Ranker is { } ranker ? StoredModel.InMemory(ranker) : null,
            Index = index,
            OwnsIndex = false,
            Items = new ItemTable(options.ItemIdColumn, index.Ids, options.ItemColumns),
            Popularity = options.Popularity is { } popularity ? new Popularity([.. popularity]) : null,
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
                ? "Unknown queries are to get the most popular items, but no popularity is given. Set RecommenderOptions.Popularity."
                : $"Unknown queries are to get the most popular items, but nothing tells which are unknown: the query model has no output '{identity.Feature ?? "id"}{ModelSignature.KnownSuffix}' and there are no seen items.");
        }
    }
}

using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Between a recommender and its bundle: which part is which file.</summary>
internal static class RecommenderBundle
{
    public static void Save(RecommenderParts parts, RecommenderSnapshot snapshot, QueryIdentity identity, string directory, BundleStorage storage)
    {
        var items = SavedItems.Of(snapshot);
        List<(string Name, Action<string> Write)> files =
        [
            .. parts.QueryModel?.Files(BundleFiles.Query) ?? [],
            .. parts.ItemModel?.Files(BundleFiles.Item) ?? [],
            .. parts.Ranker?.Files(BundleFiles.Ranker) ?? [],
            (BundleFiles.Index, snapshot.Index.Save),
            .. items.Columns.Select((column, i) => (BundleFiles.Column(i), (Action<string>)(path => ItemColumnFile.Write(path, column())))),
        ];
        if (items.Popularity is { } popularity)
        {
            files.Add((BundleFiles.Popularity, path => PopularityFile.Write(path, popularity)));
        }

        if (items.Seen is { } seen)
        {
            files.Add((BundleFiles.Seen, path => SeenItemsFile.Write(path, seen)));
        }

        if (parts.Histories is { } histories)
        {
            files.Add((BundleFiles.Histories, path => QueryHistoriesFile.Write(path, histories)));
        }

        if (parts.Blend is { } blend)
        {
            files.Add((BundleFiles.BlendLists, blend.Lists.Save));
            files.Add((BundleFiles.BlendMoments, path => TableFile.Write(path, blend.Moments.Values, blend.Moments.Dimension + 1L, blend.Moments.Dimension)));
        }

        files.AddRange(ExtraFiles.Parts(parts.Options.ExtraFiles));
        BundleWriter.Write(directory, Describe(parts, snapshot, items, identity), files, storage);
    }

    public static Recommender Load(string directory, BundleVerification verification) => BundleReader.Read(directory, verification, Open);

    private static Recommender Open(BundleReader bundle)
    {
        var manifest = bundle.Expect<RecommenderManifest>(RecommenderManifest.KindName);
        if (manifest.Query is null && (manifest.History is null || manifest.Blend is not null))
        {
            throw new BundleException($"{bundle.PathOf(BundleManifest.FileName)} names no query model{(manifest.History is null ? " and no history: a recommender has at least one of them" : ", which a blend needs")}. Save the bundle again or restore it from a copy.");
        }

        if (manifest.Blend is not null && manifest.History is null)
        {
            throw new BundleException($"{bundle.PathOf(BundleManifest.FileName)} names a blend and no history, which it needs. Save the bundle again or restore it from a copy.");
        }

        try
        {
            var index = OpenIndex(bundle, manifest);
            var items = manifest.Items;
            var columns = items.Columns.Select(column => ItemColumnFile.Open(bundle.PathOf(column.File), new ColumnSchema(column.Name, column.Type, column.IsList), items.Count, bundle.Opened)).ToArray();
            var options = new RecommenderOptions
            {
                K = manifest.K,
                ExcludeSeen = manifest.ExcludeSeen ?? true,
                RankedCandidates = manifest.RankedCandidates ?? RecommenderOptions.DefaultRankedCandidates,
                ContextFeatures = manifest.ContextFeatures ?? [],
                ItemIdColumn = manifest.Items.IdColumn,
                QueryIdFeature = manifest.QueryIdFeature,
                UnknownQueries = manifest.UnknownQueries,
                Metrics = manifest.Metrics,
                Facts = manifest.Facts,
                ExtraFiles = ExtraFiles.Read(bundle),
            };
            return new Recommender(
                new RecommenderParts
                {
                    QueryModel = manifest.Query is null ? null : new BundledModel(bundle, manifest.Query),
                    History = manifest.History is { } read ? new HistoryQuery { Feature = read.Feature, Decay = read.Decay, Length = read.Length } : null,
                    Histories = manifest.History?.File is { } histories && manifest.QueryIdFeature is not null ? QueryHistoriesFile.Open(bundle.PathOf(histories), items.Count, bundle.Opened) : null,
                    ItemModel = manifest.Item is null ? null : new BundledModel(bundle, manifest.Item).Checked(),
                    Ranker = manifest.Ranker is null ? null : new BundledModel(bundle, manifest.Ranker),
                    Index = index,
                    Blend = manifest.Blend is null ? null : OpenBlend(bundle, manifest.Blend, index),
                    OwnsIndex = true,
                    Items = new ItemTable(options.ItemIdColumn, index.Ids, columns),
                    Popularity = items.PopularityFile is { } popularity ? PopularityFile.Open(bundle.PathOf(popularity), items.Count, bundle.Opened) : null,
                    Seen = items.SeenFile is { } seen && manifest.QueryIdFeature is { } feature ? SeenItemsFile.Open(bundle.PathOf(seen), feature, items.Count, bundle.Opened) : null,
                    Options = options,
                },
                live: null);
        }
        catch (Exception exception) when (exception is ArgumentException or ArtifactFormatException)
        {
            throw new BundleException($"The bundle {bundle.PathOf("")} does not hold together: {exception.Message}", exception);
        }
    }

    private static IItemIndex OpenIndex(BundleReader bundle, RecommenderManifest manifest)
    {
        var (items, expected) = (manifest.Items, manifest.Index);
        var index = ItemIndex.Open(bundle.PathOf(expected.File));
        bundle.Opened.Add(index);
        if (index.Count == items.Count && index.Dimension == expected.Dimension && index.ScoreFunction == expected.ScoreFunction)
        {
            return index;
        }

        var found = $"{index.Count} items, width {index.Dimension}, {index.ScoreFunction}";
        throw new BundleException(
            $"{bundle.PathOf(expected.File)} holds {found}; {BundleManifest.FileName} promises {items.Count} items, width {expected.Dimension}, {expected.ScoreFunction}.");
    }

    private static BlendedIndex OpenBlend(BundleReader bundle, BundleBlend blend, IItemIndex index)
    {
        var opened = ItemIndex.Open(bundle.PathOf(blend.File));
        bundle.Opened.Add(opened);
        if (opened is not SparseIndex lists || lists.Dimension != lists.Count)
        {
            throw new BundleException($"{bundle.PathOf(blend.File)} is a {opened.GetType().Name} of {opened.Count} items and {opened.Dimension} dimensions; lists from item to item were expected.");
        }

        var moments = TableFile.Open(bundle.PathOf(blend.MomentsFile), index.Dimension + 1L, index.Dimension, bundle.Opened);
        var values = moments.Span(0, checked((int)moments.Length)).ToArray();
        return float.IsFinite(System.Numerics.Tensors.TensorPrimitives.SumOfMagnitudes<float>(values))
            ? new BlendedIndex(index, lists, blend.Weight, new EmbeddingMoments(values, index.Dimension))
            : throw new BundleException($"{bundle.PathOf(blend.MomentsFile)} holds NaN or infinity. The file is damaged.");
    }

    private static RecommenderManifest Describe(RecommenderParts parts, RecommenderSnapshot snapshot, SavedItems items, QueryIdentity identity) => new()
    {
        FormatVersion = BundleManifest.CurrentFormatVersion,
        Query = parts.QueryModel?.Describe(BundleFiles.Query),
        History = parts.History is { } history ? new BundleHistory(history.Feature, history.Decay, history.Length, parts.Histories is null ? null : BundleFiles.Histories) : null,
        Blend = parts.Blend is { } blend ? new BundleBlend(BundleFiles.BlendLists, BundleFiles.BlendMoments, blend.Weight) : null,
        Item = parts.ItemModel?.Describe(BundleFiles.Item),
        Ranker = parts.Ranker?.Describe(BundleFiles.Ranker),
        Items = new BundleItems(
            items.Count,
            snapshot.Items.IdColumn,
            snapshot.Items.Ids.Type.ToString(),
            [.. snapshot.Items.Columns.Select((column, i) => new BundleColumn(column.Name, column.Schema.Type, column.IsList, BundleFiles.Column(i)))],
            items.Popularity is null ? null : BundleFiles.Popularity,
            items.Seen is null ? null : BundleFiles.Seen),
        Index = new BundleIndex(BundleFiles.Index, snapshot.Index.Dimension, snapshot.Index.ScoreFunction, snapshot.Index.IsExact),
        QueryIdFeature = identity.Feature,
        K = parts.Options.K,
        ExcludeSeen = parts.Options.ExcludeSeen ? null : false,
        RankedCandidates = parts.Options.RankedCandidates,
        ContextFeatures = parts.Options.ContextFeatures.Count == 0 ? null : parts.Options.ContextFeatures,
        UnknownQueries = parts.Options.UnknownQueries,
        Metrics = parts.Options.Metrics,
        Facts = parts.Options.Facts,
        Libraries = LibraryVersions.Current,
        ExtraFiles = ExtraFiles.Names(parts.Options.ExtraFiles),
        Files = [],
    };
}

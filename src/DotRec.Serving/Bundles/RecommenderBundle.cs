using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Between a recommender and its bundle: which part is which file.</summary>
internal static class RecommenderBundle
{
    private const string PopularityColumn = "popularity";

    public static void Save(RecommenderParts parts, QueryIdentity identity, string directory, BundleStorage storage)
    {
        var files = new List<(string Name, Action<string> Write)>
        {
            (BundleFiles.Query, parts.QueryModel.Write),
            (BundleFiles.Index, parts.Index.Save),
            (BundleFiles.Items, path => ColumnFile.Write(path, ItemColumns(parts))),
        };
        if (parts.ItemModel is { } itemModel)
        {
            files.Add((BundleFiles.Item, itemModel.Write));
        }

        if (parts.Ranker is { } ranker)
        {
            files.Add((BundleFiles.Ranker, ranker.Write));
        }

        files.AddRange(Lists(parts.Items).Select((column, i) => (BundleFiles.ListColumn(i), new Action<string>(path => ListColumnFile.Write(path, column)))));
        if (parts.Options.Seen is { } seen)
        {
            files.Add((BundleFiles.Seen, seen.Write));
        }

        files.AddRange(ExtraFiles.Parts(parts.Options.ExtraFiles));
        BundleWriter.Write(directory, Describe(parts, identity), files, storage);
    }

    public static Recommender Load(string directory, BundleVerification verification) => BundleReader.Read(directory, verification, Open);

    private static Recommender Open(BundleReader bundle)
    {
        var manifest = bundle.Expect<RecommenderManifest>(RecommenderManifest.KindName);
        IItemIndex? index = null;
        try
        {
            index = OpenIndex(bundle, manifest);
            var (columns, popularity) = ReadItems(bundle, manifest.Items);
            var query = BundledModel.Read(bundle, manifest.Query);
            var item = manifest.Item is null ? null : BundledModel.Read(bundle, manifest.Item);
            var ranker = manifest.Ranker is null ? null : BundledModel.Read(bundle, manifest.Ranker);
            var options = new RecommenderOptions
            {
                K = manifest.K,
                RankedCandidates = manifest.RankedCandidates ?? RecommenderOptions.DefaultRankedCandidates,
                ContextFeatures = manifest.ContextFeatures ?? [],
                ItemIdColumn = manifest.Items.IdColumn,
                ItemColumns = columns,
                Popularity = popularity,
                Seen = manifest.Items.SeenFile is { } seen && manifest.QueryIdFeature is { } feature ? SeenItems.Read(bundle.PathOf(seen), feature, index.Count) : null,
                QueryIdFeature = manifest.QueryIdFeature,
                UnknownQueries = manifest.UnknownQueries,
                Metrics = manifest.Metrics,
                Facts = manifest.Facts,
                ExtraFiles = ExtraFiles.Read(bundle),
            };
            var parts = new RecommenderParts
            {
                QueryModel = BundledModel.Stored(bundle, manifest.Query, query),
                ItemModel = item is null ? null : BundledModel.Stored(bundle, manifest.Item!, item),
                Ranker = ranker is null ? null : BundledModel.Stored(bundle, manifest.Ranker!, ranker),
                Index = index,
                OwnsIndex = true,
                Items = new ItemTable(options.ItemIdColumn, index.Ids, columns),
                Popularity = popularity is null ? null : new Popularity(popularity),
                Options = options,
            };
            return new Recommender(parts, query, ranker);
        }
        catch (Exception exception) when (exception is ArgumentException or ArtifactFormatException)
        {
            index?.Dispose();
            throw new BundleException($"The bundle {bundle.PathOf("")} does not hold together: {exception.Message}", exception);
        }
        catch
        {
            index?.Dispose();
            throw;
        }
    }

    private static IItemIndex OpenIndex(BundleReader bundle, RecommenderManifest manifest)
    {
        var (items, expected) = (manifest.Items, manifest.Index);
        var index = ItemIndex.Open(bundle.PathOf(expected.File));
        if (index.Count == items.Count && index.Dimension == expected.Dimension && index.ScoreFunction == expected.ScoreFunction)
        {
            return index;
        }

        var found = $"{index.Count} items, width {index.Dimension}, {index.ScoreFunction}";
        index.Dispose();
        throw new BundleException(
            $"{bundle.PathOf(expected.File)} holds {found}; {BundleManifest.FileName} promises {items.Count} items, width {expected.Dimension}, {expected.ScoreFunction}.");
    }

    private static (ItemColumn[] Columns, long[]? Popularity) ReadItems(BundleReader bundle, BundleItems items)
    {
        var lists = (items.ListColumns ?? []).ToDictionary(column => column.Name, column => column.File, StringComparer.Ordinal);
        List<string> names = [.. items.DisplayColumns.Where(name => !lists.ContainsKey(name))];
        if (items.PopularityColumn is not null)
        {
            names.Add(items.PopularityColumn);
        }

        var path = bundle.PathOf(items.File);
        var columns = names.Count == 0 ? [] : ColumnFile.Read(path, names);
        var popularity = items.PopularityColumn is null ? null
            : columns[^1] as long[] ?? throw new BundleException($"{path}: column '{items.PopularityColumn}' holds {columns[^1].GetType().GetElementType()!.Name}; Int64 was expected.");
        if (popularity is not null && popularity.Length != items.Count)
        {
            throw new BundleException($"{path} has {popularity.Length} rows; {items.Count} were expected.");
        }

        return ([.. items.DisplayColumns.Select(name => lists.TryGetValue(name, out var file)
            ? ListColumnFile.Read(bundle.PathOf(file), name, items.Count)
            : ItemColumn.Of(name, columns[names.IndexOf(name)]))], popularity);
    }

    private static List<ItemColumn> Lists(ItemTable items) => [.. items.Columns.Where(column => column.IsList)];

    private static List<(string Name, Array Values)> ItemColumns(RecommenderParts parts)
    {
        var items = parts.Items;
        Array ids = items.Ids.Type == ItemIdType.String
            ? Enumerable.Range(0, items.Count).Select(items.Ids.GetString).ToArray()
            : Enumerable.Range(0, items.Count).Select(items.Ids.GetInt64).ToArray();
        List<(string Name, Array Values)> columns = [(items.IdColumn, ids), .. items.Columns.Where(column => !column.IsList).Select(column => (column.Name, column.Values))];
        if (parts.Popularity is { } popularity)
        {
            columns.Add((NameOfPopularity(items), popularity.Counts));
        }

        return columns;
    }

    private static RecommenderManifest Describe(RecommenderParts parts, QueryIdentity identity) => new()
    {
        FormatVersion = BundleManifest.CurrentFormatVersion,
        Query = BundledModel.Describe(BundleFiles.Query, parts.QueryModel),
        Item = parts.ItemModel is { } itemModel ? BundledModel.Describe(BundleFiles.Item, itemModel) : null,
        Ranker = parts.Ranker is { } ranker ? BundledModel.Describe(BundleFiles.Ranker, ranker) : null,
        Items = new BundleItems(
            BundleFiles.Items,
            parts.Items.Count,
            parts.Items.IdColumn,
            parts.Items.Ids.Type.ToString(),
            [.. parts.Items.Columns.Select(column => column.Name)],
            parts.Popularity is null ? null : NameOfPopularity(parts.Items),
            parts.Options.Seen is null ? null : BundleFiles.Seen,
            Lists(parts.Items) is { Count: > 0 } lists ? [.. lists.Select((column, i) => new BundleListColumn(column.Name, BundleFiles.ListColumn(i)))] : null),
        Index = new BundleIndex(BundleFiles.Index, parts.Index.Dimension, parts.Index.ScoreFunction, parts.Index.IsExact),
        QueryIdFeature = identity.Feature,
        K = parts.Options.K,
        RankedCandidates = parts.Options.RankedCandidates,
        ContextFeatures = parts.Options.ContextFeatures.Count == 0 ? null : parts.Options.ContextFeatures,
        UnknownQueries = parts.Options.UnknownQueries,
        Metrics = parts.Options.Metrics,
        Facts = parts.Options.Facts,
        Libraries = LibraryVersions.Current,
        ExtraFiles = ExtraFiles.Names(parts.Options.ExtraFiles),
        Files = [],
    };

    /// <summary>"popularity", or with underscores where a display column has that name.</summary>
    private static string NameOfPopularity(ItemTable items)
    {
        var name = PopularityColumn;
        while (items.Columns.Any(column => string.Equals(column.Name, name, StringComparison.Ordinal)) || string.Equals(items.IdColumn, name, StringComparison.Ordinal))
        {
            name += "_";
        }

        return name;
    }
}

using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Between a recommender and its bundle: which part is which file.</summary>
internal static class RecommenderBundle
{
    public static void Save(RecommenderParts parts, RecommenderSnapshot snapshot, QueryIdentity identity, string directory, BundleStorage storage)
    {
        var items = SavedItems.Of(snapshot);
        var files = new List<(string Name, Action<string> Write)>
        {
            (BundleFiles.Query, parts.QueryModel.Write),
            (BundleFiles.Index, snapshot.Index.Save),
            (BundleFiles.Items, path => ColumnFile.Write(path, ItemColumns(items))),
        };
        if (parts.ItemModel is { } itemModel)
        {
            files.Add((BundleFiles.Item, itemModel.Write));
        }

        if (parts.Ranker is { } ranker)
        {
            files.Add((BundleFiles.Ranker, ranker.Write));
        }

        files.AddRange(items.Lists.Select((column, i) => (BundleFiles.ListColumn(i), new Action<string>(path => ListColumnFile.Write(path, column)))));
        if (items.Seen is { } seen)
        {
            files.Add((BundleFiles.Seen, seen.Write));
        }

        files.AddRange(ExtraFiles.Parts(parts.Options.ExtraFiles));
        BundleWriter.Write(directory, Describe(parts, snapshot, items, identity), files, storage);
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
            var parts = new RecommenderParts
            {
                QueryModel = BundledModel.Stored(bundle, manifest.Query, query),
                ItemModel = item is null ? null : BundledModel.Stored(bundle, manifest.Item!, item),
                Ranker = ranker is null ? null : BundledModel.Stored(bundle, manifest.Ranker!, ranker),
                Index = index,
                OwnsIndex = true,
                Items = new ItemTable(options.ItemIdColumn, index.Ids, columns),
                Popularity = popularity is null ? null : new Popularity(popularity),
                Seen = manifest.Items.SeenFile is { } seen && manifest.QueryIdFeature is { } feature ? SeenItems.Read(bundle.PathOf(seen), feature, index.Count) : null,
                Options = options,
            };
            return new Recommender(parts, query, ranker, live: null);
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
            : ItemColumn.From(ColumnOf(name, columns[names.IndexOf(name)])))], popularity);
    }

    private static Column ColumnOf(string name, Array values) => values switch
    {
        string?[] texts => new Column<string>(name, Array.ConvertAll(texts, text => text ?? "")),
        long[] integers => new Column<long>(name, integers),
        double[] numbers => new Column<double>(name, numbers),
        _ => new Column<float>(name, (float[])values),
    };

    private static Array ValuesOf(Column column) => column switch
    {
        Column<string> texts => texts.Values.ToArray(),
        Column<long> integers => integers.Values.ToArray(),
        Column<double> numbers => numbers.Values.ToArray(),
        _ => ((Column<float>)column).Values.ToArray(),
    };

    private static List<(string Name, Array Values)> ItemColumns(SavedItems items)
    {
        List<(string Name, Array Values)> columns = [(items.IdColumn, items.Ids), .. items.Scalars.Select(column => (column.Name, ValuesOf(column)))];
        if (items.Popularity is { } popularity)
        {
            columns.Add((items.PopularityColumn, popularity.Counts));
        }

        return columns;
    }

    private static RecommenderManifest Describe(RecommenderParts parts, RecommenderSnapshot snapshot, SavedItems items, QueryIdentity identity) => new()
    {
        FormatVersion = BundleManifest.CurrentFormatVersion,
        Query = BundledModel.Describe(BundleFiles.Query, parts.QueryModel),
        Item = parts.ItemModel is { } itemModel ? BundledModel.Describe(BundleFiles.Item, itemModel) : null,
        Ranker = parts.Ranker is { } ranker ? BundledModel.Describe(BundleFiles.Ranker, ranker) : null,
        Items = new BundleItems(
            BundleFiles.Items,
            items.Count,
            items.IdColumn,
            snapshot.Items.Ids.Type.ToString(),
            [.. snapshot.Items.Columns.Select(column => column.Name)],
            items.Popularity is null ? null : items.PopularityColumn,
            items.Seen is null ? null : BundleFiles.Seen,
            items.Lists.Count > 0 ? [.. items.Lists.Select((column, i) => new BundleListColumn(column.Name, BundleFiles.ListColumn(i)))] : null),
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

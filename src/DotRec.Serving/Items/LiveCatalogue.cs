using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>
/// The items of a recommender as they are now: one reference to an immutable snapshot, which a change replaces. Readers never wait; changes wait for one
/// another. A row of the index keeps its item for good, so popularity, seen items and filters stay right without being touched.
/// </summary>
internal sealed class LiveCatalogue : IDisposable
{
    private readonly RecommenderParts _parts;
    private readonly ModelSignature? _ranker;
    private readonly IReadOnlyList<ColumnSchema> _queryFeatures;
    private readonly Lock _write = new();
    private volatile LiveIndex? _live;
    private volatile RecommenderSnapshot _current;

    /// <param name="parts">The items to begin with.</param>
    /// <param name="live">The index, when it can change already.</param>
    /// <param name="ranker">The ranker, whose features come from item columns among others; null for none.</param>
    /// <param name="queryFeatures">The features of queries.</param>
    public LiveCatalogue(RecommenderParts parts, LiveIndex? live, ModelSignature? ranker, IReadOnlyList<ColumnSchema> queryFeatures)
    {
        (_parts, _live, _ranker, _queryFeatures) = (parts, live, ranker, queryFeatures);
        _current = Snapshot(parts.Index, parts.Items);
    }

    /// <summary>The items there are now. Take it once for everything that has to fit together.</summary>
    public RecommenderSnapshot Current => _live is { } live && !ReferenceEquals(live.Current, _current.Index) ? Follow(live) : _current;

    /// <summary>The ids of a batch of items.</summary>
    /// <exception cref="ArgumentException">The batch has no such column, or ids of another type.</exception>
    public ItemId[] IdsOf(FeatureBatch items)
    {
        var (name, ids) = (_current.Items.IdColumn, _current.Items.Ids);
        var column = items.TryGet(name, out var found) ? found : throw new ArgumentException(
            $"The items have no '{name}', which is to hold their ids. They have {string.Join(", ", items.Schema)}.", nameof(items));
        return [.. Enumerable.Range(0, column.RowCount).Select(row => ItemTable.IdOf(column, row))];
    }

    public void Upsert(IReadOnlyList<ItemId> ids, ReadOnlySpan<float> embeddings, FeatureBatch? columns)
    {
        var index = _current.Items.Ids;
        foreach (var id in ids)
        {
            ExcludedRows.CheckType(id, index);
        }

        if (columns is not null && columns.RowCount != ids.Count)
        {
            throw new ArgumentException($"There are {ids.Count} ids but {columns.RowCount} rows of columns. Give one row an id.", nameof(columns));
        }

        var values = columns is null ? [] : ValuesOf(columns);
        if (ids.Count == 0)
        {
            return;
        }

        lock (_write)
        {
            var live = MakeLive();
            var before = _current.Items;
            CheckNewItems(before, ids, values);
            if (index.Type == ItemIdType.String)
            {
                live.Upsert([.. ids.Select(id => id.Text)], embeddings);
            }
            else
            {
                live.Upsert([.. ids.Select(id => id.Number)], embeddings);
            }

            var view = live.Current;
            int[] rows = [.. ids.Select(view.Ids.RowOf)];
            _current = Snapshot(view, new ItemTable(
                before.IdColumn, view.Ids, [.. before.Columns.Select(column => values.TryGetValue(column.Name, out var given) ? column.With(rows, given) : column)]));
        }
    }

    public int Delete(IReadOnlyCollection<ItemId> ids)
    {
        var index = _current.Items.Ids;
        foreach (var id in ids)
        {
            ExcludedRows.CheckType(id, index);
        }

        lock (_write)
        {
            var live = MakeLive();
            var deleted = index.Type == ItemIdType.String ? live.Delete([.. ids.Select(id => id.Text)]) : live.Delete([.. ids.Select(id => id.Number)]);
            _current = Moved(live.Current);
            return deleted;
        }
    }

    public void Dispose()
    {
        if (!_parts.OwnsIndex)
        {
            return;
        }

        if (_live is { } live)
        {
            live.Dispose();
        }
        else
        {
            _parts.Index.Dispose();
        }
    }

    // Others have changed the index, or a rebuild has ended. While a change of this catalogue is being made, the items are still those before it.
    private RecommenderSnapshot Follow(LiveIndex live)
    {
        if (_write.TryEnter())
        {
            try
            {
                if (!ReferenceEquals(live.Current, _current.Index))
                {
                    _current = Moved(live.Current);
                }
            }
            finally
            {
                _write.Exit();
            }
        }

        return _current;
    }

    // Under the lock.
    private LiveIndex MakeLive() => _live ??= (_parts.Blend, _parts.Index) switch
    {
        (not null, _) => throw new InvalidOperationException(
            "Items of blended indexes cannot change: the lists from item to item are of what was learned from. Train again, or make the recommender of embeddings alone."),
        (_, ScannIndex scann) => new LiveIndex(scann),
        (_, BruteForceIndex exact) => new LiveIndex(Approximate(exact)),
        var (_, other) => throw new InvalidOperationException(
            $"Items of an index of type {other.GetType().Name} cannot change. Make the recommender of a {nameof(ScannIndex)} or a {nameof(LiveIndex)}."),
    };

    private static ScannIndex Approximate(BruteForceIndex exact)
    {
        var embeddings = new float[checked(exact.Count * exact.Dimension)];
        for (var row = 0; row < exact.Count; row++)
        {
            exact.CopyEmbedding(row, embeddings.AsSpan(row * exact.Dimension, exact.Dimension));
        }

        return ScannIndex.Build(embeddings, exact.Ids, exact.ScoreFunction);
    }

    private RecommenderSnapshot Moved(IItemIndex view) => Snapshot(view, new ItemTable(_current.Items.IdColumn, view.Ids, _current.Items.Columns));

    private RecommenderSnapshot Snapshot(IItemIndex view, ItemTable items) => new(
        view, items, _parts.Popularity, _parts.Seen, _ranker is null ? [] : RankerFeatures.Find(_ranker, _queryFeatures, items));

    /// <summary>The item columns among some columns, brought to the type they have here.</summary>
    private Dictionary<string, Column> ValuesOf(FeatureBatch columns)
    {
        var values = new Dictionary<string, Column>(StringComparer.Ordinal);
        foreach (var known in _current.Items.Columns)
        {
            if (columns.TryGet(known.Name, out var given))
            {
                var buffer = ColumnBuffer.Create(known.Schema);
                buffer.AddRows(given, 0, given.RowCount);
                values.Add(known.Name, buffer.HasMissing ? throw new ArgumentException($"Item column '{known.Schema}' received a missing value; give an integer.", nameof(columns)) : buffer.Build());
            }
        }

        return values;
    }

    private static void CheckNewItems(ItemTable items, IReadOnlyList<ItemId> ids, Dictionary<string, Column> values)
    {
        var lacking = items.Columns.FirstOrDefault(column => column.Schema is { Type: ColumnType.Int64, IsJagged: false } && !values.ContainsKey(column.Name));
        if (lacking is not null && ids.FirstOrDefault(id => items.Ids.RowOf(id) < 0) is var added && items.Ids.RowOf(added) < 0 && ids.Contains(added))
        {
            throw new ArgumentException($"Item '{added}' is new and has no '{lacking.Name}': integers have no value that says they are missing. Give the column '{lacking.Schema}'.", nameof(values));
        }
    }
}

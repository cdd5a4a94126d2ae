using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The items each query id (a user, say) has had in training, to leave out of recommendations. Immutable.</summary>
/// <remarks>4 bytes an interaction in memory, plus the ids. In a bundle it is the file seen.parquet, sorted by query id and item row.</remarks>
public sealed class SeenItems
{
    internal const string ItemRowColumn = "item_row";

    private readonly Dictionary<string, int>? _texts;
    private readonly Dictionary<long, int>? _integers;
    private readonly Array _queries;
    private readonly int[] _offsets;
    private readonly int[] _rows;

    private SeenItems(string queryFeature, Array queries, int[] offsets, int[] rows)
    {
        QueryFeature = queryFeature;
        _queries = queries;
        _offsets = offsets;
        _rows = rows;
        if (queries is string[] texts)
        {
            _texts = Positions(texts, StringComparer.Ordinal);
        }
        else
        {
            _integers = Positions((long[])queries, comparer: null);
        }
    }

    /// <summary>The query feature that tells who asks.</summary>
    public string QueryFeature { get; }

    /// <summary>Number of query ids with at least one item.</summary>
    public int QueryCount => _queries.Length;

    /// <summary>Number of different (query id, item) pairs.</summary>
    public int Count => _rows.Length;

    internal QueryFeatureType Type => _texts is null ? QueryFeatureType.Int64 : QueryFeatureType.String;

    /// <summary>Collects interactions: pair i says that queries[i] has had items[i]. Repeats count once; items the index does not hold are left out.</summary>
    /// <typeparam name="TQuery"><see cref="string"/> or <see cref="long"/>, as the feature's type.</typeparam>
    /// <typeparam name="TItem"><see cref="string"/> or <see cref="long"/>, as the item ids.</typeparam>
    /// <param name="queryFeature">The query feature that tells who asks, for example "user_id".</param>
    /// <param name="queries">Query ids, one a pair.</param>
    /// <param name="items">Item ids, one a pair.</param>
    /// <param name="ids">The ids of the index.</param>
    /// <exception cref="ArgumentException">The spans differ in length, or a type is not supported.</exception>
    public static SeenItems From<TQuery, TItem>(string queryFeature, ReadOnlySpan<TQuery> queries, ReadOnlySpan<TItem> items, ItemIds ids)
        where TQuery : notnull, IComparable<TQuery>
        where TItem : notnull
    {
        ArgumentException.ThrowIfNullOrEmpty(queryFeature);
        ArgumentNullException.ThrowIfNull(ids);
        if (queries.Length != items.Length)
        {
            throw new ArgumentException($"There are {queries.Length} query ids but {items.Length} item ids. Give one of each a pair.", nameof(items));
        }

        if (typeof(TQuery) != typeof(string) && typeof(TQuery) != typeof(long))
        {
            throw new ArgumentException($"Query ids are {typeof(TQuery).Name}; String or Int64 was expected.", nameof(queries));
        }

        var pairs = new List<(TQuery Query, int Row)>(queries.Length);
        for (var i = 0; i < queries.Length; i++)
        {
            var row = ids.RowOf(items[i]);
            if (row >= 0)
            {
                pairs.Add((queries[i], row));
            }
        }

        return Compress(queryFeature, pairs);
    }

    /// <summary>True when the query id has had an item of the index.</summary>
    public bool Contains(string query) => _texts is not null && _texts.ContainsKey(query);

    /// <inheritdoc cref="Contains(string)"/>
    public bool Contains(long query) => _integers is not null && _integers.ContainsKey(query);

    /// <summary>Rows of the index that this query id has had, ascending; empty for an unknown one.</summary>
    public ReadOnlySpan<int> RowsOf(string query) => _texts is not null && _texts.TryGetValue(query, out var position) ? Rows(position) : [];

    /// <inheritdoc cref="RowsOf(string)"/>
    public ReadOnlySpan<int> RowsOf(long query) => _integers is not null && _integers.TryGetValue(query, out var position) ? Rows(position) : [];

    internal static SeenItems Read(string path, string queryFeature, int itemCount)
    {
        var columns = ColumnFile.Read(path, [queryFeature, ItemRowColumn]);
        if (columns[1] is not int[] rows || Array.Exists(rows, row => (uint)row >= (uint)itemCount))
        {
            throw new BundleException($"{path} names items outside the index, which holds {itemCount}. The file is damaged or belongs to another bundle.");
        }

        return columns[0] switch
        {
            string[] texts => Compress(queryFeature, [.. texts.Zip(rows)]),
            long[] integers => Compress(queryFeature, [.. integers.Zip(rows)]),
            _ => throw new BundleException($"{path} has query ids of type {columns[0].GetType().GetElementType()!.Name}; String or Int64 was expected."),
        };
    }

    internal void Write(string path)
    {
        var queries = Array.CreateInstance(_queries.GetType().GetElementType()!, _rows.Length);
        for (var position = 0; position < _queries.Length; position++)
        {
            for (var i = _offsets[position]; i < _offsets[position + 1]; i++)
            {
                queries.SetValue(_queries.GetValue(position), i);
            }
        }

        ColumnFile.Write(path, [(QueryFeature, queries), (ItemRowColumn, _rows)]);
    }

    private static SeenItems Compress<TQuery>(string queryFeature, List<(TQuery Query, int Row)> pairs)
        where TQuery : notnull, IComparable<TQuery>
    {
        IComparer<TQuery> order = typeof(TQuery) == typeof(string) ? (IComparer<TQuery>)StringComparer.Ordinal : Comparer<TQuery>.Default;
        pairs.Sort((left, right) => order.Compare(left.Query, right.Query) is var byQuery and not 0 ? byQuery : left.Row.CompareTo(right.Row));
        var queries = new List<TQuery>();
        var offsets = new List<int>();
        var rows = new List<int>(pairs.Count);
        for (var i = 0; i < pairs.Count; i++)
        {
            if (i > 0 && order.Compare(pairs[i].Query, pairs[i - 1].Query) == 0)
            {
                if (pairs[i].Row == pairs[i - 1].Row)
                {
                    continue;
                }
            }
            else
            {
                queries.Add(pairs[i].Query);
                offsets.Add(rows.Count);
            }

            rows.Add(pairs[i].Row);
        }

        offsets.Add(rows.Count);
        return new SeenItems(queryFeature, queries.ToArray(), [.. offsets], [.. rows]);
    }

    private static Dictionary<T, int> Positions<T>(T[] queries, IEqualityComparer<T>? comparer)
        where T : notnull
    {
        var positions = new Dictionary<T, int>(queries.Length, comparer);
        for (var i = 0; i < queries.Length; i++)
        {
            positions.Add(queries[i], i);
        }

        return positions;
    }

    private ReadOnlySpan<int> Rows(int position) => _rows.AsSpan(_offsets[position].._offsets[position + 1]);
}

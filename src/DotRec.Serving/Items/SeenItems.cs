using System.Runtime.InteropServices;
using DotRec.Data;
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

    internal ColumnType Type => _texts is null ? ColumnType.Int64 : ColumnType.String;

    /// <summary>Collects the interactions of a data set: each row says that a query has had an item. Repeats count once; items the index does not hold are left out.</summary>
    /// <param name="interactions">One interaction a row.</param>
    /// <param name="queryIdColumn">Column of query ids (text or int64), and the query feature that tells who asks, for example "user_id".</param>
    /// <param name="itemIdColumn">Column of item ids (text or int64).</param>
    /// <param name="ids">The ids of the index.</param>
    /// <exception cref="ArgumentException">A column is missing or cannot hold ids.</exception>
    public static SeenItems From(FeatureBatch interactions, string queryIdColumn, string itemIdColumn, ItemIds ids)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        ArgumentNullException.ThrowIfNull(ids);
        return Of(queryIdColumn, interactions[queryIdColumn], interactions[itemIdColumn], ids);
    }

    internal static SeenItems Of(string queryFeature, Column queries, Column items, ItemIds ids)
    {
        var rows = new int[items.RowCount];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = ids.RowOf(ItemTable.IdOf(items, row));
        }

        return queries switch
        {
            Column<string> { Schema.IsJagged: false } texts => Group(queryFeature, texts.Values, rows),
            Column<long> { Schema.IsJagged: false } integers => Group(queryFeature, integers.Values, rows),
            var other => throw new ArgumentException($"Column '{other.Schema}' cannot hold query ids: give a column of strings or int64 with one value a row."),
        };
    }

    /// <summary>The items by their rows in an index in which some rows are left out; what is not in <paramref name="rows"/> is no item any more.</summary>
    internal SeenItems Select(ReadOnlySpan<int> rows, int rowCount)
    {
        var places = new int[rowCount];
        places.AsSpan().Fill(-1);
        for (var place = 0; place < rows.Length; place++)
        {
            places[rows[place]] = place;
        }

        var moved = Array.ConvertAll(_rows, row => places[row]);
        return _queries is string[] texts ? Group<string>(QueryFeature, Repeat(texts), moved) : Group<long>(QueryFeature, Repeat((long[])_queries), moved);
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
            string[] texts => Group<string>(queryFeature, texts, rows),
            long[] integers => Group<long>(queryFeature, integers, rows),
            _ => throw new BundleException($"{path} has query ids of type {columns[0].GetType().GetElementType()!.Name}; String or Int64 was expected."),
        };
    }

    internal void Write(string path) =>
        ColumnFile.Write(path, [(QueryFeature, _queries is string[] texts ? Repeat(texts) : Repeat((long[])_queries)), (ItemRowColumn, _rows)]);

    /// <summary>Each query id once for each of its rows.</summary>
    private T[] Repeat<T>(T[] queries)
    {
        var repeated = new T[_rows.Length];
        for (var position = 0; position < queries.Length; position++)
        {
            repeated.AsSpan(_offsets[position].._offsets[position + 1]).Fill(queries[position]);
        }

        return repeated;
    }

    /// <summary>Gathers the rows of equal query ids; −1 is no row. Query ids end up sorted, so that equal contents give equal files.</summary>
    private static SeenItems Group<TQuery>(string queryFeature, ReadOnlySpan<TQuery> queries, int[] rows)
        where TQuery : notnull
    {
        var byQuery = new Dictionary<TQuery, List<int>>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= 0)
            {
                ref var had = ref CollectionsMarshal.GetValueRefOrAddDefault(byQuery, queries[i], out _);
                (had ??= []).Add(rows[i]);
            }
        }

        var sorted = byQuery.Keys.ToArray();
        Array.Sort(sorted, typeof(TQuery) == typeof(string) ? (IComparer<TQuery>)StringComparer.Ordinal : null);
        var offsets = new int[sorted.Length + 1];
        var all = new List<int>(rows.Length);
        for (var position = 0; position < sorted.Length; position++)
        {
            var had = byQuery[sorted[position]];
            had.Sort();
            all.AddRange(had.Where((row, i) => i == 0 || had[i - 1] != row));
            offsets[position + 1] = all.Count;
        }

        return new SeenItems(queryFeature, sorted, offsets, [.. all]);
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

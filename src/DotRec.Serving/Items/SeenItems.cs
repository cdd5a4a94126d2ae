using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The items each query id (a user, say) has had in training, to leave out of recommendations. Immutable.</summary>
/// <remarks>4 bytes an interaction, plus the ids. In a bundle it is a file that is mapped and looked up where it lies.</remarks>
public sealed class SeenItems
{
    private readonly int _itemCount;

    internal SeenItems(string queryFeature, ItemIds queries, Section<long> offsets, Section<int> rows, int itemCount) =>
        (QueryFeature, Queries, Offsets, Rows, _itemCount) = (queryFeature, queries, offsets, rows, itemCount);

    /// <summary>The query feature that tells who asks.</summary>
    public string QueryFeature { get; }

    /// <summary>Number of query ids with at least one item.</summary>
    public int QueryCount => Queries.Count;

    /// <summary>Number of different (query id, item) pairs.</summary>
    public int Count => checked((int)Rows.Length);

    internal ItemIds Queries { get; }

    /// <summary>Where the rows of each query id start.</summary>
    internal Section<long> Offsets { get; }

    /// <summary>Rows of the index, ascending for each query id.</summary>
    internal Section<int> Rows { get; }

    internal ColumnType Type => Queries.Type == ItemIdType.String ? ColumnType.String : ColumnType.Int64;

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

    /// <summary>True when the query id has had an item of the index.</summary>
    public bool Contains(string query) => Queries.RowOf(query) >= 0;

    /// <inheritdoc cref="Contains(string)"/>
    public bool Contains(long query) => Queries.RowOf(query) >= 0;

    /// <summary>Rows of the index that this query id has had, ascending; empty for an unknown one.</summary>
    public ReadOnlySpan<int> RowsOf(string query) => Of(Queries.RowOf(query));

    /// <inheritdoc cref="RowsOf(string)"/>
    public ReadOnlySpan<int> RowsOf(long query) => Of(Queries.RowOf(query));

    internal static SeenItems Of(string queryFeature, Column queries, Column items, ItemIds ids) => Of(queryFeature, RowsByQuery.Of(queries, items, ids, Distinct), ids.Count);

    /// <summary>The items by their rows in an index in which some rows are left out; what is not in <paramref name="rows"/> is no item any more.</summary>
    internal SeenItems Select(ReadOnlySpan<int> rows, int rowCount)
    {
        var places = new int[rowCount];
        places.AsSpan().Fill(-1);
        for (var place = 0; place < rows.Length; place++)
        {
            places[rows[place]] = place;
        }

        var moved = Array.ConvertAll(Rows.Span(0, Count).ToArray(), row => places[row]);
        return Type == ColumnType.String
            ? Of(QueryFeature, RowsByQuery.Of<string>(Repeated(Queries.GetString), moved, Distinct), rows.Length)
            : Of(QueryFeature, RowsByQuery.Of<long>(Repeated(Queries.GetInt64), moved, Distinct), rows.Length);
    }

    private ReadOnlySpan<int> Of(int query)
    {
        if (query < 0)
        {
            return [];
        }

        var (start, end) = (Offsets[query], Offsets[query + 1L]);
        if (start < 0 || end < start || end > Rows.Length)
        {
            throw Damaged($"the items of query {query} claim rows {start} to {end} of {Rows.Length}.");
        }

        var rows = Rows.Span(start, (int)(end - start));
        return !rows.ContainsAnyExceptInRange(0, _itemCount - 1) ? rows : throw Damaged($"the items of query {query} are not all among the {_itemCount} of the index.");
    }

    private BundleException Damaged(string what) => new($"{Rows.Memory.Source}: {what} The file is damaged.");

    /// <summary>Each query id once for each of its rows.</summary>
    private T[] Repeated<T>(Func<int, T> id)
    {
        var repeated = new T[Count];
        for (var query = 0; query < QueryCount; query++)
        {
            repeated.AsSpan((int)Offsets[query]..(int)Offsets[query + 1L]).Fill(id(query));
        }

        return repeated;
    }

    private static SeenItems Of(string queryFeature, RowsByQuery had, int itemCount) => new(queryFeature, had.Queries, had.Offsets, had.Rows, itemCount);

    private static IEnumerable<int> Distinct(List<int> had)
    {
        had.Sort();
        return had.Where((row, i) => i == 0 || had[i - 1] != row);
    }
}

using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>What each query id had in training, in order, repeats included: what a recommender by histories answers a bare id from. Immutable.</summary>
internal sealed class QueryHistories
{
    private readonly int _itemCount;

    public QueryHistories(ItemIds queries, Section<long> offsets, Section<int> rows, int itemCount) => (Queries, Offsets, Rows, _itemCount) = (queries, offsets, rows, itemCount);

    /// <summary>The ids of queries.</summary>
    public ItemIds Queries { get; }

    /// <summary>Where the items of each query start.</summary>
    public Section<long> Offsets { get; }

    /// <summary>Rows of the index.</summary>
    public Section<int> Rows { get; }

    public ColumnType Type => Queries.Type == ItemIdType.String ? ColumnType.String : ColumnType.Int64;

    /// <summary>Collects interactions, which are in the order in which they happened. Of each query the newest are kept.</summary>
    /// <param name="queries">The query id of each.</param>
    /// <param name="items">The item id of each; items that the index does not hold are left out.</param>
    /// <param name="ids">The ids of the index.</param>
    /// <param name="length">How many of a query are kept.</param>
    public static QueryHistories Of(Column queries, Column items, ItemIds ids, int length)
    {
        var (known, offsets, rows) = RowsByQuery.Of(queries, items, ids, had => had.Skip(had.Count - length));
        return new QueryHistories(known, offsets, rows, ids.Count);
    }

    /// <summary>Rows of the index that this query id had, oldest first; empty for an unknown one.</summary>
    public ReadOnlySpan<int> RowsOf(string query) => Of(Queries.RowOf(query));

    /// <inheritdoc cref="RowsOf(string)"/>
    public ReadOnlySpan<int> RowsOf(long query) => Of(Queries.RowOf(query));

    private ReadOnlySpan<int> Of(int query)
    {
        if (query < 0)
        {
            return [];
        }

        var (start, end) = (Offsets[query], Offsets[query + 1L]);
        if (start < 0 || end < start || end > Rows.Length || end - start > int.MaxValue)
        {
            throw Damaged($"the history of query {query} claims rows {start} to {end} of {Rows.Length}.");
        }

        var rows = Rows.Span(start, (int)(end - start));
        return !rows.ContainsAnyExceptInRange(0, _itemCount - 1) ? rows : throw Damaged($"the history of query {query} is not all of the {_itemCount} items of the index.");
    }

    private BundleException Damaged(string what) => new($"{Rows.Memory.Source}: {what} The file is damaged.");
}

using System.Runtime.InteropServices;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Rows of an index gathered by query id. Ids are sorted, so that equal contents give equal files.</summary>
/// <param name="Queries">The ids.</param>
/// <param name="Offsets">Where the rows of each id start, and the end of the last.</param>
/// <param name="Rows">The rows.</param>
internal readonly record struct RowsByQuery(ItemIds Queries, Section<long> Offsets, Section<int> Rows)
{
    /// <summary>Gathers the items that queries had; those that the index does not hold are left out.</summary>
    /// <param name="queries">The query id of each.</param>
    /// <param name="items">The item id of each.</param>
    /// <param name="ids">The ids of the index.</param>
    /// <param name="keep">What is kept of the rows of a query, which come in the order of the columns.</param>
    /// <exception cref="ArgumentException">A column cannot hold ids.</exception>
    public static RowsByQuery Of(Column queries, Column items, ItemIds ids, Func<List<int>, IEnumerable<int>> keep)
    {
        var rows = new int[items.RowCount];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = ids.RowOf(ItemTable.IdOf(items, row));
        }

        return queries switch
        {
            Column<string> { Schema.IsJagged: false } texts => Of(texts.Values, rows, keep),
            Column<long> { Schema.IsJagged: false } integers => Of(integers.Values, rows, keep),
            var other => throw new ArgumentException($"Column '{other.Schema}' cannot hold query ids: give a column of strings or int64 with one value a row."),
        };
    }

    /// <summary>Gathers rows; −1 is no row.</summary>
    public static RowsByQuery Of<TQuery>(ReadOnlySpan<TQuery> queries, int[] rows, Func<List<int>, IEnumerable<int>> keep)
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
        var offsets = AllocatedMemory.New<long>(sorted.Length + 1L);
        var all = new List<int>(rows.Length);
        for (var position = 0; position < sorted.Length; position++)
        {
            all.AddRange(keep(byQuery[sorted[position]]));
            offsets[position + 1L] = all.Count;
        }

        var gathered = AllocatedMemory.New<int>(all.Count);
        CollectionsMarshal.AsSpan(all).CopyTo(gathered.Span(0, all.Count));
        return new RowsByQuery(sorted is string[] texts ? ItemIds.From(texts) : ItemIds.From((long[])(object)sorted), offsets, gathered);
    }
}

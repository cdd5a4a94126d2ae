using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>The items each query (user) had in the training data, as rows of the catalogue. Immutable.</summary>
internal sealed class SeenItems
{
    private readonly IdTable? _queries;
    private readonly int[] _offsets;
    private readonly int[] _items;

    private SeenItems(IdTable? queries, int[] offsets, int[] items)
    {
        _queries = queries;
        _offsets = offsets;
        _items = items;
    }

    /// <summary>Number of different queries.</summary>
    public int QueryCount => _offsets.Length - 1;

    /// <summary>Groups the interactions by query. Items the catalogue does not hold (−1) are left out; each item counts once.</summary>
    /// <param name="queries">The query id of every interaction.</param>
    /// <param name="items">The catalogue row of every interaction.</param>
    public static SeenItems From(Column queries, ReadOnlySpan<int> items)
    {
        var table = IdTable.OfData(queries);
        var owners = table.RowsOf(queries);
        var offsets = new int[table.Count + 1];
        for (var i = 0; i < owners.Length; i++)
        {
            offsets[owners[i] + 1] += items[i] < 0 ? 0 : 1;
        }

        for (var query = 0; query < table.Count; query++)
        {
            offsets[query + 1] += offsets[query];
        }

        var grouped = new int[offsets[^1]];
        var next = offsets.AsSpan(0, table.Count).ToArray();
        for (var i = 0; i < owners.Length; i++)
        {
            if (items[i] >= 0)
            {
                grouped[next[owners[i]]++] = items[i];
            }
        }

        return new SeenItems(table, offsets, Distinct(grouped, offsets));
    }

    /// <summary>What each query of some histories had.</summary>
    public static SeenItems From(Histories histories)
    {
        var distinct = histories.Distinct();
        return new SeenItems(queries: null, distinct.Offsets.ToArray(), distinct.Items.ToArray());
    }

    /// <summary>The number of every query id of a column; −1 for a query without training data.</summary>
    public int[] QueriesOf(Column column) => _queries!.RowsOf(column);

    /// <summary>Catalogue rows of one query, rising, each once; empty for query −1.</summary>
    public ReadOnlySpan<int> Of(int query) => query < 0 ? [] : _items.AsSpan(_offsets[query].._offsets[query + 1]);

    // Sorts each query's items and drops repeats, moving the offsets along.
    private static int[] Distinct(int[] items, int[] offsets)
    {
        var kept = 0;
        for (var query = 0; query + 1 < offsets.Length; query++)
        {
            var own = items.AsSpan(offsets[query]..offsets[query + 1]);
            own.Sort();
            offsets[query] = kept;
            for (var i = 0; i < own.Length; i++)
            {
                if (i == 0 || own[i] != own[i - 1])
                {
                    items[kept++] = own[i];
                }
            }
        }

        offsets[^1] = kept;
        return items.AsSpan(0, kept).ToArray();
    }
}

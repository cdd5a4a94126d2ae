using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>What each query (a user, a session) had, in order: the input of every model that recommends by what came before. Immutable.</summary>
/// <remarks>4 bytes a choice, twice where repeats are left out too, plus the query ids. Items are rows of a catalogue; a query may have an item several times.</remarks>
public sealed class Histories
{
    private readonly IdTable? _queries;
    private readonly int[] _offsets;
    private readonly int[] _items;
    private Histories? _distinct;

    private Histories(int itemCount, int[] offsets, int[] items, IdTable? queries) => (ItemCount, _offsets, _items, _queries) = (itemCount, offsets, items, queries);

    /// <summary>Number of queries.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>Number of items of the catalogue, N.</summary>
    public int ItemCount { get; }

    /// <summary>Choices of all queries together.</summary>
    public int Length => _items.Length;

    /// <summary>True where items have more than a hundred choices each in the mean: a choice says less there, and weights are held more strongly.</summary>
    internal bool IsDense => Length > 100.0 * ItemCount;

    /// <summary>True for histories of 40 items and more in the mean: they bear little dropout and want a deeper network, short ones the opposite (docs/decisions/0031).</summary>
    internal bool AreLong => Length >= 40L * Count;

    /// <summary>Catalogue rows of all queries, one query after another.</summary>
    internal ReadOnlySpan<int> Items => _items;

    /// <summary>Where each query starts in <see cref="Items"/>, and the end of the last.</summary>
    internal ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Gathers interactions by query. Items that the catalogue lacks are left out.</summary>
    /// <param name="interactions">Who chose what, one row a choice.</param>
    /// <param name="queryIdColumn">Column that tells who chose; texts or integers.</param>
    /// <param name="itemIdColumn">Column that tells what was chosen, in both tables.</param>
    /// <param name="items">The catalogue, one row an item.</param>
    /// <param name="timeColumn">Column of times, as <see cref="TimeColumn"/> reads them; null where rows are in order.</param>
    /// <param name="dateOrder">Whether day or month comes first in dates of numbers; null to find out.</param>
    /// <exception cref="ArgumentException">A column is missing or cannot hold ids or times, or the catalogue repeats an id.</exception>
    public static Histories Of(
        FeatureBatch interactions, string queryIdColumn, string itemIdColumn, FeatureBatch items, string? timeColumn = null, DateOrder? dateOrder = null)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        ArgumentNullException.ThrowIfNull(items);
        var catalogue = IdTable.OfCatalogue(items[itemIdColumn]);
        var order = timeColumn is null ? null : TimeColumn.RowsInOrder(interactions[timeColumn], dateOrder);
        return Of(interactions[queryIdColumn], catalogue.RowsOf(interactions[itemIdColumn]), catalogue.Count, order);
    }

    /// <summary>Histories that are lists of catalogue rows already: query q is the q-th list.</summary>
    /// <param name="itemCount">Number of items, N.</param>
    /// <param name="lists">Rows from 0 to N − 1, in order; a list may be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is not of the catalogue.</exception>
    public static Histories Of(int itemCount, IReadOnlyList<IReadOnlyList<int>> lists)
    {
        ArgumentNullException.ThrowIfNull(lists);
        ArgumentOutOfRangeException.ThrowIfNegative(itemCount);
        var offsets = new int[lists.Count + 1];
        for (var query = 0; query < lists.Count; query++)
        {
            offsets[query + 1] = checked(offsets[query] + lists[query].Count);
        }

        var items = new int[offsets[^1]];
        for (var query = 0; query < lists.Count; query++)
        {
            for (var i = 0; i < lists[query].Count; i++)
            {
                var item = lists[query][i];
                items[offsets[query] + i] = (uint)item < (uint)itemCount ? item : throw new ArgumentOutOfRangeException(
                    nameof(lists), item, $"List {query} has row {item} at place {i}; the rows of a catalogue of {itemCount} items are 0 to {itemCount - 1}.");
            }
        }

        return new Histories(itemCount, offsets, items, queries: null);
    }

    /// <summary>The items of a query in the order they were had, as catalogue rows; empty for query −1.</summary>
    public ReadOnlySpan<int> Of(int query) => query < 0 ? [] : _items.AsSpan(_offsets[query].._offsets[query + 1]);

    /// <summary>The query of every id of a column; −1 for an id without a history.</summary>
    /// <exception cref="ArgumentException">The ids have another type.</exception>
    /// <exception cref="InvalidOperationException">The histories were made of lists, which have no ids.</exception>
    public int[] QueriesOf(Column ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return (_queries ?? throw new InvalidOperationException("Histories made of lists have no query ids; their queries are numbered.")).RowsOf(ids);
    }

    /// <summary>The histories of some items only, by their place among these; the others are left out.</summary>
    /// <param name="rows">Rows of the catalogue, each once.</param>
    internal Histories Select(int[] rows)
    {
        var places = new int[ItemCount];
        Array.Fill(places, -1);
        for (var place = 0; place < rows.Length; place++)
        {
            places[rows[place]] = place;
        }

        var (offsets, items, kept) = (new int[_offsets.Length], new int[_items.Length], 0);
        for (var query = 0; query < Count; query++)
        {
            foreach (var item in Of(query))
            {
                items[kept] = places[item];
                kept += places[item] >= 0 ? 1 : 0;
            }

            offsets[query + 1] = kept;
        }

        return new Histories(rows.Length, offsets, items[..kept], _queries);
    }

    /// <summary>Each item of a query once, by rising row. Made at the first call and kept: every evaluation and most fits want it.</summary>
    internal Histories Distinct() => _distinct ??= WithoutRepeats();

    /// <summary>How often each item was chosen, by catalogue row.</summary>
    public int[] CountItems()
    {
        var counts = new int[ItemCount];
        foreach (var item in _items)
        {
            counts[item]++;
        }

        return counts;
    }

    /// <summary>The choices in the order of the data, or in <paramref name="order"/>; −1 is no item.</summary>
    internal static Histories Of(Column queryIds, ReadOnlySpan<int> itemRows, int itemCount, int[]? order = null)
    {
        var queries = IdTable.OfData(queryIds);
        var owners = queries.RowsOf(queryIds);
        var offsets = new int[queries.Count + 1];
        for (var row = 0; row < owners.Length; row++)
        {
            offsets[owners[row] + 1] += itemRows[row] < 0 ? 0 : 1;
        }

        for (var query = 0; query < queries.Count; query++)
        {
            offsets[query + 1] += offsets[query];
        }

        var items = new int[offsets[^1]];
        var next = offsets.AsSpan(0, queries.Count).ToArray();
        for (var i = 0; i < owners.Length; i++)
        {
            var row = order is null ? i : order[i];
            if (itemRows[row] >= 0)
            {
                items[next[owners[row]]++] = itemRows[row];
            }
        }

        return new Histories(itemCount, offsets, items, queries);
    }

    private Histories WithoutRepeats()
    {
        var (offsets, items) = (new int[_offsets.Length], (int[])_items.Clone());
        for (var query = 0; query < Count; query++)
        {
            var own = items.AsSpan(_offsets[query].._offsets[query + 1]);
            own.Sort();
            var kept = offsets[query];
            for (var i = 0; i < own.Length; i++)
            {
                if (i == 0 || own[i] != own[i - 1])
                {
                    items[kept++] = own[i];
                }
            }

            offsets[query + 1] = kept;
        }

        return new Histories(ItemCount, offsets, items[..offsets[^1]], _queries);
    }
}

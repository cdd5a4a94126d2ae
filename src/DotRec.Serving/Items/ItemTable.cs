using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The items a recommender knows at one moment: ids and columns, by row of the index. Immutable.</summary>
public sealed class ItemTable
{
    internal ItemTable(string idColumn, ItemIds ids, IReadOnlyList<ItemColumn> columns)
    {
        ArgumentException.ThrowIfNullOrEmpty(idColumn);
        IdColumn = idColumn;
        Ids = ids;
        Columns = columns;
        var names = new HashSet<string>(StringComparer.Ordinal) { idColumn };
        if (columns.FirstOrDefault(column => !names.Add(column.Name)) is { } repeated)
        {
            throw new ArgumentException($"Two item columns are named '{repeated.Name}'.", nameof(columns));
        }
    }

    /// <summary>Name of the column that holds the ids.</summary>
    public string IdColumn { get; }

    /// <summary>Ids by row.</summary>
    public ItemIds Ids { get; }

    /// <summary>Number of rows: of items, and of those that were deleted from a recommender that changes.</summary>
    public int Count => Ids.Count;

    /// <summary>The columns beside the id, in order.</summary>
    public IReadOnlyList<ItemColumn> Columns { get; }

    /// <summary>The column named <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public ItemColumn this[string name] => Find(name) ?? throw new ArgumentException(
        $"Items have no column '{name}'. {(Columns.Count == 0 ? "This recommender was made without item columns." : $"The columns are: {string.Join(", ", Columns.Select(known => known.Name))}.")}", nameof(name));

    /// <summary>
    /// The items whose value in a column satisfies a predicate, as a filter for any number of calls. Reads the column once. Items that are added
    /// later are not in it; it stays right for the others while items come and go.
    /// </summary>
    /// <param name="column">A column.</param>
    /// <param name="predicate">Called once a row with the value: a string, long, float or double, or an array of these for a list.</param>
    public ItemFilter Where(string column, Func<object, bool> predicate)
    {
        var values = this[column];
        return ItemFilter.Where(Count, row => Ids.Has(row) && predicate(values[row]));
    }

    /// <inheritdoc cref="Where(string, Func{object, bool})"/>
    /// <typeparam name="T">The type of the values: string, long, float or double, or an array of these for a list.</typeparam>
    /// <exception cref="ArgumentException">There is no such column, or it holds values of another type.</exception>
    public ItemFilter Where<T>(string column, Func<T, bool> predicate)
        where T : notnull
    {
        var values = Get<T>(column);
        return ItemFilter.Where(Count, row => Ids.Has(row) && predicate(values.Value(row)));
    }

    internal ItemColumn? Find(string name) => Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.Ordinal));

    internal ItemColumn<T> Get<T>(string name)
        where T : notnull => this[name] as ItemColumn<T> ?? throw new ArgumentException($"Item column '{this[name].Schema}' does not hold {typeof(T).Name} values.", nameof(name));

    /// <summary>A table of the items of an index: each column of a batch of items, its rows brought into the order of the index by id.</summary>
    /// <exception cref="ArgumentException">The batch lacks the id column, or an item of the index.</exception>
    internal static ItemTable From(string idColumn, ItemIds ids, FeatureBatch? items)
    {
        if (items is null)
        {
            return new ItemTable(idColumn, ids, []);
        }

        var key = items.TryGet(idColumn, out var found) ? found : throw new ArgumentException(
            $"The items have no column '{idColumn}', which is to hold their ids. Their columns are: {string.Join(", ", items.Schema)}. Set RecommenderOptions.{nameof(RecommenderOptions.ItemIdColumn)}.", nameof(items));
        var rows = new int[ids.Count];
        rows.AsSpan().Fill(-1);
        for (var row = items.RowCount - 1; row >= 0; row--)
        {
            if (IdOf(key, row) is var id && ids.RowOf(id) is >= 0 and var place)
            {
                rows[place] = row;
            }
        }

        return Array.IndexOf(rows, -1) is >= 0 and var missing
            ? throw new ArgumentException(
                $"The items lack {rows.Count(row => row < 0)} of the {ids.Count} items of the index, '{ids[missing]}' first. Give a row for each, or index only the items that are there.", nameof(items))
            : new ItemTable(idColumn, ids, [.. items.Columns.Where(column => column != key).Select(column => ItemColumn.From(column.Select(rows)))]);
    }

    /// <summary>The id of a row of a column of ids.</summary>
    internal static ItemId IdOf(Column column, int row) => column switch
    {
        Column<string> { Schema.IsJagged: false } texts => texts.Values[row],
        Column<long> { Schema.IsJagged: false } integers => integers.Values[row],
        _ => throw new ArgumentException($"Column '{column.Schema}' cannot hold item ids: give a column of strings or int64 with one value a row."),
    };
}

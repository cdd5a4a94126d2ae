using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The items a recommender knows: ids and columns, by row of the index. Immutable.</summary>
public sealed class ItemTable
{
    private readonly Dictionary<string, ItemColumn> _byName = new(StringComparer.Ordinal);

    internal ItemTable(string idColumn, ItemIds ids, IReadOnlyList<ItemColumn> columns)
    {
        ArgumentException.ThrowIfNullOrEmpty(idColumn);
        IdColumn = idColumn;
        Ids = ids;
        Columns = [.. columns];
        foreach (var column in columns)
        {
            if (column.Count != ids.Count)
            {
                throw new ArgumentException($"Item column '{column.Name}' has {column.Count} rows but the index holds {ids.Count} items. Give one value a row, in the order of the index.", nameof(columns));
            }

            if (string.Equals(column.Name, idColumn, StringComparison.Ordinal) || !_byName.TryAdd(column.Name, column))
            {
                throw new ArgumentException($"Two item columns are named '{column.Name}'.", nameof(columns));
            }
        }
    }

    /// <summary>Name of the column that holds the ids.</summary>
    public string IdColumn { get; }

    /// <summary>Ids by row.</summary>
    public ItemIds Ids { get; }

    /// <summary>Number of items.</summary>
    public int Count => Ids.Count;

    /// <summary>The columns beside the id, in order.</summary>
    public IReadOnlyList<ItemColumn> Columns { get; }

    /// <summary>The column named <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public ItemColumn this[string name] => _byName.TryGetValue(name, out var column)
        ? column
        : throw new ArgumentException(
            $"Items have no column '{name}'. {(Columns.Count == 0 ? "This recommender was made without display columns." : $"The columns are: {string.Join(", ", Columns.Select(known => known.Name))}.")}", nameof(name));

    /// <summary>The items whose value in a column satisfies a predicate, as a filter for any number of calls. Reads the column once.</summary>
    /// <param name="column">A column.</param>
    /// <param name="predicate">Called once a row with the value: a string or null, or a boxed number, or an array for a list.</param>
    public ItemFilter Where(string column, Func<object?, bool> predicate)
    {
        var values = this[column];
        return ItemFilter.Where(Count, row => predicate(values[row]));
    }
}

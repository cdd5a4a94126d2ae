using System.Diagnostics.CodeAnalysis;

namespace DotRec.Features;

/// <summary>Rows of raw features, column by column. Immutable.</summary>
public sealed class FeatureBatch
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, Column> _byName;

    /// <summary>Makes a batch of columns with equal row counts and different names.</summary>
    /// <exception cref="ArgumentException">Row counts differ, a name repeats, or there is no column.</exception>
    public FeatureBatch(params IReadOnlyList<Column> columns)
    {
        if (columns.Count == 0)
        {
            throw new ArgumentException("A feature batch needs at least one column.", nameof(columns));
        }

        _columns = [.. columns];
        _byName = new Dictionary<string, Column>(StringComparer.Ordinal);
        foreach (var column in _columns)
        {
            if (column.RowCount != _columns[0].RowCount)
            {
                throw new ArgumentException(
                    $"Column '{column.Name}' has {column.RowCount} rows but column '{_columns[0].Name}' has {_columns[0].RowCount}.", nameof(columns));
            }

            if (!_byName.TryAdd(column.Name, column))
            {
                throw new ArgumentException($"Two columns are named '{column.Name}'.", nameof(columns));
            }
        }
    }

    /// <summary>Number of rows.</summary>
    public int RowCount => _columns[0].RowCount;

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<Column> Columns => _columns;

    /// <summary>Name and type of every column, in order.</summary>
    public IReadOnlyList<ColumnSchema> Schema => Array.ConvertAll(_columns, column => column.Schema);

    /// <summary>The column named <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public Column this[string name] => _byName.TryGetValue(name, out var column) ? column : throw Missing(name);

    /// <summary>The column named <paramref name="name"/>, typed.</summary>
    /// <exception cref="ArgumentException">There is no such column, or its type differs.</exception>
    public Column<T> Get<T>(string name)
        where T : notnull =>
        this[name] as Column<T> ?? throw new ArgumentException($"Column '{name}' holds {this[name].Schema.Type} values, not {typeof(T).Name}.", nameof(name));

    /// <summary>Finds a column by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Column? column) => _byName.TryGetValue(name, out column);

    /// <summary>A new batch with the given rows, in that order; a row may be repeated.</summary>
    public FeatureBatch Select(ReadOnlySpan<int> rows)
    {
        var selected = new Column[_columns.Length];
        for (var i = 0; i < selected.Length; i++)
        {
            selected[i] = _columns[i].Select(rows);
        }

        return new FeatureBatch(selected);
    }

    private ArgumentException Missing(string name) =>
        new($"There is no column '{name}'. The columns are: {string.Join(", ", _columns.Select(column => column.Name))}.", nameof(name));
}

using System.Diagnostics.CodeAnalysis;

namespace DotRec.Data;

/// <summary>Rows of raw features, column by column: one batch, or a whole data set in memory. Immutable.</summary>
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

    /// <summary>
    /// The column named <paramref name="name"/>, or else the only one whose name differs from it in case, underscores, hyphens and blanks alone:
    /// <c>UserId</c> for user_id.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such column, or none has exactly the name and several are alike.</exception>
    public Column this[string name] => TryGet(name, out var column) ? column : throw Missing(name);

    /// <summary>The column named <paramref name="name"/>, typed.</summary>
    /// <exception cref="ArgumentException">There is no such column, or its type differs.</exception>
    public Column<T> Get<T>(string name)
        where T : notnull =>
        this[name] as Column<T> ?? throw new ArgumentException($"Column '{name}' holds {this[name].Schema.Type} values, not {typeof(T).Name}.", nameof(name));

    /// <summary>Finds a column by name, as the indexer does.</summary>
    /// <exception cref="ArgumentException">None has exactly the name and several are alike.</exception>
    public bool TryGet(string name, [NotNullWhen(true)] out Column? column) => ColumnNames.TryFind(_byName, name, out column);

    /// <summary>
    /// Makes a batch of a sequence of records, classes or anonymous objects: one column for each public property that a column can hold, in their order.
    /// The same records are queries of a served model.
    /// </summary>
    /// <remarks>
    /// <see cref="string"/>, enums (their names), characters and <see cref="Guid"/> become strings; integers, <see cref="bool"/> (0 or 1) and
    /// <see cref="DateOnly"/> (Unix seconds) become int64; float and <see cref="Half"/> become float32; double, decimal, <see cref="DateTime"/> and
    /// <see cref="DateTimeOffset"/> (Unix seconds with fractions; an unspecified kind counts as UTC), <see cref="TimeSpan"/> and <see cref="TimeOnly"/>
    /// (seconds) become float64. Arrays, lists and other sequences of these become columns of lists. Null is a missing value: an empty text, NaN, an empty list; an
    /// element of a list that is null is left out; integers of which some are null become float64. Properties of other types are left out. The sequence is read once.
    /// </remarks>
    /// <exception cref="ArgumentException">A row is null or a value too large (the message says in which row), or no property fits a column.</exception>
    public static FeatureBatch From<T>(IEnumerable<T> rows) => RecordBatch<T>.Read(rows);

    /// <summary>Makes a batch of certain columns of a sequence of records.</summary>
    /// <param name="rows">The records; read once.</param>
    /// <param name="schema">
    /// The columns to make, with their types. A column comes from the property of exactly its name, or else from the only one whose name differs in
    /// case, underscores, hyphens and blanks alone: <c>UserId</c> for user_id.
    /// </param>
    /// <param name="strict">True: a property that is none of the columns is an error.</param>
    /// <inheritdoc cref="From{T}(IEnumerable{T})"/>
    public static FeatureBatch From<T>(IEnumerable<T> rows, IReadOnlyList<ColumnSchema> schema, bool strict = false) => RecordBatch<T>.Read(rows, schema, strict);

    /// <summary>Makes a batch of records that come one after another, from a database or a service.</summary>
    /// <param name="rows">The records; read once.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <inheritdoc cref="From{T}(IEnumerable{T})"/>
    public static Task<FeatureBatch> FromAsync<T>(IAsyncEnumerable<T> rows, CancellationToken cancellationToken = default) => RecordBatch<T>.ReadAsync(rows, cancellationToken);

    /// <summary>A new batch with the given rows, in that order; a row may be repeated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is negative or not below <see cref="RowCount"/>.</exception>
    public FeatureBatch Select(ReadOnlySpan<int> rows)
    {
        var selected = new Column[_columns.Length];
        for (var i = 0; i < selected.Length; i++)
        {
            selected[i] = _columns[i].Select(rows);
        }

        return new FeatureBatch(selected);
    }

    /// <summary>A new batch of <paramref name="count"/> rows from row <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rows do not lie inside the batch.</exception>
    public FeatureBatch Slice(int start, int count) => new(Array.ConvertAll(_columns, column => column.Slice(start, count)));

    /// <summary>A new batch of the named columns, in the order of the names. Nothing is copied.</summary>
    /// <exception cref="ArgumentException">There is no such column, or a name repeats.</exception>
    public FeatureBatch SelectColumns(params IReadOnlyList<string> names) => new([.. names.Select(name => this[name])]);

    /// <summary>A new batch with the column added at the end, or put in the place of the column with its name. Nothing is copied.</summary>
    /// <exception cref="ArgumentException">The row count differs.</exception>
    public FeatureBatch With(Column column) =>
        _byName.TryGetValue(column.Name, out var former)
            ? new FeatureBatch(Array.ConvertAll(_columns, other => ReferenceEquals(other, former) ? column : other))
            : new FeatureBatch([.. _columns, column]);

    /// <summary>A new batch without the named columns. Nothing is copied.</summary>
    /// <exception cref="ArgumentException">There is no such column, or none would be left.</exception>
    public FeatureBatch DropColumns(params IReadOnlyList<string> names)
    {
        var dropped = names.Select(name => this[name]).ToHashSet();
        return new FeatureBatch([.. _columns.Where(column => !dropped.Contains(column))]);
    }

    /// <summary>A new batch where column <paramref name="name"/> is called <paramref name="newName"/>. Nothing is copied.</summary>
    /// <exception cref="ArgumentException">There is no such column, or the new name is taken.</exception>
    public FeatureBatch Rename(string name, string newName)
    {
        var renamed = this[name];
        return new FeatureBatch(Array.ConvertAll(_columns, column => ReferenceEquals(column, renamed) ? column.Rename(newName) : column));
    }

    /// <summary>The rows of all batches, one batch after another. Columns are matched by name and stand in the order of the first batch.</summary>
    /// <exception cref="ArgumentException">There is no batch, or their columns differ.</exception>
    public static FeatureBatch Concatenate(params IReadOnlyList<FeatureBatch> batches)
    {
        if (batches.Count == 0)
        {
            throw new ArgumentException("Concatenating needs at least one batch.", nameof(batches));
        }

        var first = batches[0];
        foreach (var batch in batches)
        {
            if (batch._columns.Length != first._columns.Length)
            {
                throw new ArgumentException(
                    $"Batches of different columns cannot be concatenated: ({string.Join(", ", first.Schema)}) and ({string.Join(", ", batch.Schema)}).",
                    nameof(batches));
            }
        }

        return new FeatureBatch(Array.ConvertAll(first._columns, column => Column.Concatenate([.. batches.Select(batch => batch[column.Name])])));
    }

    private ArgumentException Missing(string name) =>
        new($"There is no column '{name}'. The columns are: {string.Join(", ", _columns.Select(column => column.Name))}.", nameof(name));
}

namespace DotRec.Data;

/// <summary>A column of strings, 64-bit integers, or floats of 32 or 64 bits.</summary>
/// <typeparam name="T"><see cref="string"/>, <see cref="long"/>, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Column<T> : Column
    where T : notnull
{
    private readonly T[] _values;
    private readonly int[]? _offsets;

    /// <summary>A column with one value a row. The array is kept, not copied.</summary>
    public Column(string name, T[] values)
        : base(new ColumnSchema(name, TypeOf()), values.Length) => _values = values;

    /// <summary>A jagged column: row i holds <c>values[offsets[i]..offsets[i + 1]]</c>. The arrays are kept, not copied.</summary>
    /// <param name="name">Column name.</param>
    /// <param name="values">The values of all rows, one row after another.</param>
    /// <param name="offsets">Row count + 1 positions: first 0, last values.Length, never falling.</param>
    /// <exception cref="ArgumentException">The offsets do not describe the values.</exception>
    public Column(string name, T[] values, int[] offsets)
        : base(new ColumnSchema(name, TypeOf(), IsJagged: true), offsets.Length - 1)
    {
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != values.Length)
        {
            throw new ArgumentException($"Offsets of column '{name}' must start at 0 and end at {values.Length}, the number of values.", nameof(offsets));
        }

        for (var row = 0; row + 1 < offsets.Length; row++)
        {
            if (offsets[row] > offsets[row + 1])
            {
                throw new ArgumentException($"Offsets of column '{name}' fall from {offsets[row]} to {offsets[row + 1]} at row {row}.", nameof(offsets));
            }
        }

        _values = values;
        _offsets = offsets;
    }

    /// <summary>All values: one a row, or the rows of a jagged column one after another.</summary>
    public ReadOnlySpan<T> Values => _values;

    /// <summary>Row boundaries of a jagged column (row count + 1 positions); empty for a column with one value a row.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>The values of one row: exactly one unless the column is jagged.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<T> Row(int row)
    {
        if ((uint)row >= (uint)RowCount)
        {
            CheckRows([row]);
        }

        return _offsets is null ? _values.AsSpan(row, 1) : _values.AsSpan(_offsets[row].._offsets[row + 1]);
    }

    /// <inheritdoc/>
    public override object ValueOf(int row) => _offsets is null ? Row(row)[0] : Row(row).ToArray();

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows)
    {
        CheckRows(rows);
        if (_offsets is null)
        {
            var selected = new T[rows.Length];
            for (var i = 0; i < rows.Length; i++)
            {
                selected[i] = _values[rows[i]];
            }

            return new Column<T>(Name, selected);
        }

        var offsets = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            offsets[i + 1] = checked(offsets[i] + _offsets[rows[i] + 1] - _offsets[rows[i]]);
        }

        var values = new T[offsets[^1]];
        for (var i = 0; i < rows.Length; i++)
        {
            _values.AsSpan(_offsets[rows[i]].._offsets[rows[i] + 1]).CopyTo(values.AsSpan(offsets[i]));
        }

        return new Column<T>(Name, values, offsets);
    }

    /// <inheritdoc/>
    public override Column Slice(int start, int count)
    {
        CheckSlice(start, count);
        if (_offsets is null)
        {
            return new Column<T>(Name, _values.AsSpan(start, count).ToArray());
        }

        var offsets = _offsets.AsSpan(start, count + 1).ToArray();
        var values = _values.AsSpan(offsets[0]..offsets[^1]).ToArray();
        var first = offsets[0];
        foreach (ref var offset in offsets.AsSpan())
        {
            offset -= first;
        }

        return new Column<T>(Name, values, offsets);
    }

    /// <inheritdoc/>
    public override Column Rename(string name) => _offsets is null ? new Column<T>(name, _values) : new Column<T>(name, _values, _offsets);

    private protected override Column Append(ReadOnlySpan<Column> others)
    {
        var valueCount = _values.Length;
        var rowCount = RowCount;
        foreach (var other in others)
        {
            valueCount = checked(valueCount + ((Column<T>)other)._values.Length);
            rowCount = checked(rowCount + other.RowCount);
        }

        var values = new T[valueCount];
        var offsets = _offsets is null ? null : new int[rowCount + 1];
        var (value, row) = (0, 0);
        CopyOf(this);
        foreach (var other in others)
        {
            CopyOf((Column<T>)other);
        }

        return offsets is null ? new Column<T>(Name, values) : new Column<T>(Name, values, offsets);

        void CopyOf(Column<T> column)
        {
            column._values.CopyTo(values, value);
            for (var i = 1; i < column.Offsets.Length; i++)
            {
                offsets![row + i] = value + column._offsets![i];
            }

            value += column._values.Length;
            row += column.RowCount;
        }
    }

    private static ColumnType TypeOf() =>
        typeof(T) == typeof(string) ? ColumnType.String
        : typeof(T) == typeof(long) ? ColumnType.Int64
        : typeof(T) == typeof(float) ? ColumnType.Float32
        : typeof(T) == typeof(double) ? ColumnType.Float64
        : throw new NotSupportedException($"A feature column holds string, long, float or double values, not {typeof(T).Name}.");
}

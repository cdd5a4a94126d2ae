using System.Diagnostics.CodeAnalysis;

namespace DotRec.Data;

/// <summary>The values of one feature for a number of rows. Immutable.</summary>
public abstract class Column
{
    private protected Column(ColumnSchema schema, int rowCount)
    {
        Schema = schema;
        RowCount = rowCount;
    }

    /// <summary>Name and type.</summary>
    public ColumnSchema Schema { get; }

    /// <summary>Column name.</summary>
    public string Name => Schema.Name;

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The value of a row, boxed: a string, long, float or double, or an array of these for a column of lists.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public abstract object ValueOf(int row);

    /// <summary>A new column holding the given rows, in that order; a row may be repeated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is negative or not below <see cref="RowCount"/>.</exception>
    public abstract Column Select(ReadOnlySpan<int> rows);

    /// <summary>A new column holding <paramref name="count"/> rows from row <paramref name="start"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rows do not lie inside the column.</exception>
    public abstract Column Slice(int start, int count);

    /// <summary>The same values under another name; nothing is copied.</summary>
    public abstract Column Rename(string name);

    /// <summary>The same values as another type; this column itself where it has the type already.</summary>
    /// <remarks>
    /// <para>Integers become the nearest floats, and their decimal text. Floats become integers and texts of integers where they are whole, such as the
    /// 17.0 that tables with missing values hold for the id 17. Texts become numbers where they are written as plain numbers; the text of an integer
    /// must be its only text, so that "007" is no 7. A missing number (NaN) is the empty text, and the other way round; no integer is missing.</para>
    /// <para>A float32 becomes the float64 of its shortest decimal text, 0.1 and not 0.10000000149: a file's number is the same in both types.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">A value does not fit the type; the message names column, row and value.</exception>
    public Column ConvertTo(ColumnType type) => type == Schema.Type ? this : ColumnConversion.Convert(this, type);

    /// <summary>As <see cref="ConvertTo"/>; false where a value does not fit.</summary>
    internal bool TryConvertTo(ColumnType type, [NotNullWhen(true)] out Column? converted)
    {
        converted = type == Schema.Type ? this : ColumnConversion.TryConvert(this, type, out _);
        return converted is not null;
    }

    /// <summary>This column's rows, then those of <paramref name="others"/>, which have the same type.</summary>
    private protected abstract Column Append(ReadOnlySpan<Column> others);

    /// <summary>The rows of all columns, one column after another. The result bears the first column's name.</summary>
    /// <exception cref="ArgumentException">There is no column, or their types differ.</exception>
    public static Column Concatenate(params ReadOnlySpan<Column> columns)
    {
        if (columns.IsEmpty)
        {
            throw new ArgumentException("Concatenating needs at least one column.", nameof(columns));
        }

        foreach (var column in columns)
        {
            if (column.Schema.Type != columns[0].Schema.Type || column.Schema.IsJagged != columns[0].Schema.IsJagged)
            {
                throw new ArgumentException(
                    $"Columns of different types cannot be concatenated: '{columns[0].Schema}' and '{column.Schema}'.", nameof(columns));
            }
        }

        return columns.Length == 1 ? columns[0] : columns[0].Append(columns[1..]);
    }

    private protected void CheckRows(ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            if ((uint)row >= (uint)RowCount)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"Column '{Name}' has {RowCount} rows, numbered from 0: there is no row {row}.");
            }
        }
    }

    private protected void CheckSlice(int start, int count)
    {
        if (start < 0 || count < 0 || start > RowCount - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, $"Column '{Name}' has {RowCount} rows: it has no {count} rows from row {start} on.");
        }
    }
}

using System.Collections;

namespace DotRec.Data;

/// <summary>A column that grows by one value, or one list, at a time: the rows of a data set, or of one call of a model, then cleared and filled again.</summary>
internal abstract class ColumnBuffer(ColumnSchema schema)
{
    public ColumnSchema Schema => schema;

    /// <summary>Rows added so far.</summary>
    public abstract int RowCount { get; }

    /// <summary>True when a row of an integer column has no value: integers have no number that says so, as floats have NaN and text the empty text.</summary>
    public abstract bool HasMissing { get; }

    public static ColumnBuffer Create(ColumnSchema schema) => schema.Type switch
    {
        ColumnType.String => new ColumnBuffer<string>(schema),
        ColumnType.Int64 => new ColumnBuffer<long>(schema),
        ColumnType.Float64 => new ColumnBuffer<double>(schema),
        _ => new ColumnBuffer<float>(schema),
    };

    /// <summary>Forgets all rows and keeps the memory.</summary>
    public abstract void Clear();

    /// <summary>Adds one row: a value of any type that the column can hold, null for a missing one, or for a column of lists any sequence of values.</summary>
    /// <exception cref="InvalidValueException">The value does not fit the column.</exception>
    public abstract void AddObject(object? value);

    /// <summary>Adds rows of a column of the same type, or of one whose numbers fit.</summary>
    /// <exception cref="InvalidValueException">The column holds other values than this one, or a value does not fit.</exception>
    public abstract void AddRows(Column column, int start, int count);

    /// <summary>Adds rows without a value: missing ones, or empty lists.</summary>
    public void AddMissingRows(int count)
    {
        for (var i = 0; i < count; i++)
        {
            AddObject(null);
        }
    }

    /// <summary>Ends a row of a column of lists, made of the values added since the last row ended.</summary>
    public abstract void EndList();

    /// <summary>The rows as a column under the buffer's name. Integers of which some are missing become doubles, NaN for each of those.</summary>
    /// <exception cref="InvalidValueException">An integer beside missing ones is too large to be kept exactly.</exception>
    public abstract Column Build();

    /// <summary>Name and value of a row, for messages.</summary>
    public abstract string Describe(int row);

    protected InvalidValueException WrongType(object value)
    {
        var hint = (schema.Type, value) switch
        {
            (_, IEnumerable) when !schema.IsJagged && value is not string => " The column holds one value a row, not a list.",
            (ColumnType.String, IFormattable) => $" Give it as text: \"{FormattableString.Invariant($"{value}")}\".",
            (not ColumnType.String, string) => " Give it as a number.",
            _ => "",
        };
        return new InvalidValueException($"'{schema.Name}' received {Shown(value)}; {Expected} was expected.{hint}");
    }

    protected string Expected => schema.IsJagged ? $"a list of {schema.Type}" : schema.Type.ToString();

    private static string Shown(object value) => value switch
    {
        string text => $"the String \"{(text.Length > 40 ? text[..40] + "…" : text)}\"",
        IFormattable number => FormattableString.Invariant($"the {number.GetType().Name} {number}"),
        bool flag => $"the Boolean {flag}",
        _ => $"a {value.GetType().Name}",
    };
}

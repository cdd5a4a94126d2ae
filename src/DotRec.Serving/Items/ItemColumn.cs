using System.Globalization;
using DotRec.Data;

namespace DotRec.Serving;

/// <summary>A fact about every item, shown with recommendations and read by a ranker: a title, a price, the genres. One value or one list a row of the index.</summary>
public abstract class ItemColumn
{
    private protected ItemColumn(ColumnSchema schema) => Schema = schema;

    /// <summary>Name and type.</summary>
    public ColumnSchema Schema { get; }

    /// <summary>Column name.</summary>
    public string Name => Schema.Name;

    /// <summary>True when each row holds a list of values.</summary>
    public bool IsList => Schema.IsJagged;

    /// <summary>The value of a row: a string, long, float or double, or an array of these for a list. A missing text is empty, a missing number NaN.</summary>
    public abstract object this[int row] { get; }

    /// <summary>The value of a row as text: numbers in the invariant culture, a list as a|b|c, a missing number empty.</summary>
    public string Text(int row) => this[row] switch
    {
        string text => text,
        string[] list => string.Join('|', list),
        Array list => string.Join('|', list.Cast<object>().Select(TextOf)),
        var number => TextOf(number),
    };

    private static string TextOf(object number) =>
        number is float.NaN or double.NaN ? "" : Convert.ToString(number, CultureInfo.InvariantCulture) ?? "";

    /// <summary>The values of the first <see cref="Column.RowCount"/> rows. The column's memory is shared where it can be.</summary>
    internal static ItemColumn From(Column column) => column switch
    {
        Column<string> { Schema.IsJagged: true } lists => Lists(lists),
        Column<long> { Schema.IsJagged: true } lists => Lists(lists),
        Column<float> { Schema.IsJagged: true } lists => Lists(lists),
        Column<double> { Schema.IsJagged: true } lists => Lists(lists),
        Column<string> values => new ItemColumn<string>(values.Schema, values.Values),
        Column<long> values => new ItemColumn<long>(values.Schema, values.Values),
        Column<float> values => new ItemColumn<float>(values.Schema, values.Values),
        Column<double> values => new ItemColumn<double>(values.Schema, values.Values),
        _ => throw new NotSupportedException(column.Schema.ToString()),
    };

    /// <summary>The values of some rows, in their order.</summary>
    internal abstract Column Select(ReadOnlySpan<int> rows);

    /// <summary>A column in which some rows have other values; rows past the end are added. This one stays as it is.</summary>
    /// <param name="rows">The rows to write.</param>
    /// <param name="values">Their values, a column of this one's type.</param>
    internal abstract ItemColumn With(ReadOnlySpan<int> rows, Column values);

    private static ItemColumn<T[]> Lists<T>(Column<T> column)
        where T : notnull
    {
        var lists = new T[column.RowCount][];
        for (var row = 0; row < lists.Length; row++)
        {
            lists[row] = column.Row(row).ToArray();
        }

        return new ItemColumn<T[]>(column.Schema, lists);
    }
}

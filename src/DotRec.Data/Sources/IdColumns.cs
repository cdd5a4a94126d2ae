namespace DotRec.Data;

/// <summary>Columns that name things: users, items, shops.</summary>
public static class IdColumns
{
    /// <summary>
    /// The rows that have an id in column <paramref name="name"/>, and the column as ids: strings, or int64 where they are whole numbers, such as the 17.0
    /// that tables with missing values hold.
    /// </summary>
    /// <returns>The data themselves where nothing had to change.</returns>
    /// <exception cref="ArgumentException">There is no such column, it holds lists, or numbers that are not whole.</exception>
    public static FeatureBatch WithIds(this FeatureBatch data, string name)
    {
        ArgumentNullException.ThrowIfNull(data);
        var column = data[name];
        if (column.Schema.IsJagged)
        {
            throw new ArgumentException($"Column '{column.Schema}' holds lists; ids are texts or whole numbers, one a row.", nameof(name));
        }

        var rows = column switch
        {
            Column<string> texts => Present(texts, text => !string.IsNullOrWhiteSpace(text)),
            Column<double> numbers => Present(numbers, number => !double.IsNaN(number)),
            Column<float> numbers => Present(numbers, number => !float.IsNaN(number)),
            _ => null,
        };
        var kept = rows is null ? data : data.Select(rows);
        return column is Column<string> or Column<long> ? kept : kept.With(kept[name].ConvertTo(ColumnType.Int64));
    }

    /// <summary>True for a column name that says that the column holds ids: "id", "user_id", "userId", "Item ID"; not "paid" or "humid".</summary>
    public static bool IsIdName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!name.EndsWith("id", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // A word of its own: after a sign, or with a capital after a small letter.
        var before = name.Length > 2 ? name[^3] : '_';
        return !char.IsLetter(before) || (char.IsLower(before) && char.IsUpper(name[^2]));
    }

    // Null when all rows are.
    private static int[]? Present<T>(Column<T> column, Predicate<T> isPresent)
        where T : notnull
    {
        var rows = new List<int>(column.RowCount);
        for (var row = 0; row < column.RowCount; row++)
        {
            if (isPresent(column.Values[row]))
            {
                rows.Add(row);
            }
        }

        return rows.Count == column.RowCount ? null : [.. rows];
    }
}

namespace DotRec.Data;

/// <summary>Guesses the types of columns from the first records.</summary>
internal static class TypeInference
{
    /// <summary>Widens every inferred field until the first records fit it.</summary>
    public static TableField[] FromSample(DelimitedReader reader, TableField[] fields, int sampleRows, MissingWords missing)
    {
        var guessed = (TableField[])fields.Clone();
        var builders = Array.ConvertAll(guessed, field => ColumnBuilder.Of(field, missing));
        for (var row = 0; row < sampleRows && reader.Read(); row++)
        {
            for (var i = 0; i < guessed.Length; i++)
            {
                if (!guessed[i].IsInferred || guessed[i].Position >= reader.FieldCount)
                {
                    continue;
                }

                var text = reader[guessed[i].Position];
                while (!builders[i].TryAppend(text) && guessed[i].Widened() is { } wider)
                {
                    guessed[i] = wider;
                    builders[i] = ColumnBuilder.Of(wider, missing);
                }
            }
        }

        return guessed;
    }

    /// <summary>The column that a field becomes, once all its values are known.</summary>
    /// <param name="column">The values as read.</param>
    /// <param name="field">What they were read as.</param>
    /// <param name="options">How the file is written.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <param name="missing">Words for missing numbers.</param>
    public static Column Settled(Column column, TableField field, CsvOptions options, string delimiter, MissingWords missing)
    {
        switch (column)
        {
            case var _ when field.Wanted is { } wanted:
                return AsNumbers((Column<string>)column, options, delimiter, missing, isNumber: true) is { } numbers && numbers.TryConvertTo(wanted, out var converted)
                    ? converted
                    : column;
            case var _ when !field.IsInferred:
                return column;

            // A column without any value says nothing about its type: it is taken for text.
            case Column<float> floats when !floats.Values.ContainsAnyExcept(float.NaN):
            case Column<double> doubles when !doubles.Values.ContainsAnyExcept(double.NaN):
            case Column<long> { RowCount: 0 }:
                return Empty(column);
            case Column<double> ids when field.IsId && !ids.Values.Contains(double.NaN):
                return ids.ConvertTo(ColumnType.Int64);
            case Column<string> texts when !field.IsId && !IdColumns.IsIdName(column.Name):
                return AsNumbers(texts, options, delimiter, missing, isNumber: false) ?? column;
            default:
                return column;
        }
    }

    // Where fields stand between semicolons, commas are likely to be needed for decimals: that "1,234" is a thousand is not sure then.
    private static Column? AsNumbers(Column<string> texts, CsvOptions options, string delimiter, MissingWords missing, bool isNumber)
    {
        var numbers = FormattedNumbers.TryRead(texts, missing, options.DecimalSeparator, delimiter == ";" ? null : true, isNumber, out var note);
        if (note is not null)
        {
            options.Note?.Invoke(note);
        }

        return numbers;
    }

    private static Column<string> Empty(Column column)
    {
        var values = new string[column.RowCount];
        values.AsSpan().Fill(string.Empty);
        return new Column<string>(column.Name, values);
    }
}

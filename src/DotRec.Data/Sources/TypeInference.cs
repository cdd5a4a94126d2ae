namespace DotRec.Data;

/// <summary>Guesses the types of columns from the first records.</summary>
internal static class TypeInference
{
    /// <summary>Widens every inferred field until the first records fit it.</summary>
    public static TableField[] FromSample(DelimitedReader reader, TableField[] fields, int sampleRows)
    {
        var guessed = (TableField[])fields.Clone();
        var builders = Array.ConvertAll(guessed, ColumnBuilder.Of);
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
                    builders[i] = ColumnBuilder.Of(wider);
                }
            }
        }

        return guessed;
    }

    /// <summary>A column without any value says nothing about its type: it is taken for text.</summary>
    public static Column Settled(Column column, TableField field) => (field.IsInferred, column) switch
    {
        (true, Column<float> floats) when !floats.Values.ContainsAnyExcept(float.NaN) => Empty(column),
        (true, Column<long> { RowCount: 0 }) => Empty(column),
        _ => column,
    };

    private static Column<string> Empty(Column column)
    {
        var values = new string[column.RowCount];
        values.AsSpan().Fill(string.Empty);
        return new Column<string>(column.Name, values);
    }
}

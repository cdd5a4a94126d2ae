namespace DotRec.Features;

/// <summary>Guesses the types of columns from the first records.</summary>
internal static class TypeInference
{
    /// <summary>Widens every inferred field until the first records fit it. A field that is empty in all of them is taken for text.</summary>
    public static TableField[] FromSample(DelimitedReader reader, TableField[] fields, int sampleRows)
    {
        var guessed = (TableField[])fields.Clone();
        var hasValue = new bool[fields.Length];
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
                hasValue[i] |= !text.IsEmpty;
                while (!builders[i].TryAppend(text) && guessed[i].Widened() is { } wider)
                {
                    guessed[i] = wider;
                    builders[i] = ColumnBuilder.Of(wider);
                }
            }
        }

        return [.. guessed.Select((field, i) => field.IsInferred && !hasValue[i] ? field with { Schema = field.Schema with { Type = ColumnType.String } } : field)];
    }
}

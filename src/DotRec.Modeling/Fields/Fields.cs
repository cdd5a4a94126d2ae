using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>Makes the fields of a table by the types of its columns.</summary>
public static class Fields
{
    /// <summary>
    /// A field a column: texts and integers, also in lists, are looked up and embedded (a list by the mean of its embeddings); floats, and integers
    /// named in <see cref="FieldOptions.Numbers"/>, are normalised; strings named in <see cref="FieldOptions.Texts"/> are split into words.
    /// </summary>
    /// <remarks>Vocabularies, means and variances are those of <paramref name="data"/>: give the training rows. A missing number counts as the mean.</remarks>
    /// <param name="data">Rows to learn vocabularies and scales from.</param>
    /// <param name="columns">The columns, in the order of the fields.</param>
    /// <param name="options">The defaults when null.</param>
    /// <exception cref="ArgumentException">A column is missing or named twice, or an option names one that is of another type.</exception>
    public static IReadOnlyList<Field> Of(FeatureBatch data, IEnumerable<string> columns, FieldOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(columns);
        options ??= new FieldOptions();
        string[] names = [.. columns];
        if (names.Length == 0)
        {
            throw new ArgumentException("Name at least one column.", nameof(columns));
        }

        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Column '{twice.Key}' is named twice.", nameof(columns));
        }

        return [.. names.Select(name => FieldOf(data, name, options))];
    }

    private static Field FieldOf(FeatureBatch data, string name, FieldOptions options)
    {
        var column = data[name].Schema;
        if (options.Texts.Contains(name, StringComparer.Ordinal))
        {
            return new Field(name, new TextVectorization(name, data, options.MaximumWords), Embedding(options));
        }

        return column.Type switch
        {
            ColumnType.Float32 => new Field(name, new Normalization(name, data)),
            ColumnType.Int64 when options.Numbers.Contains(name, StringComparer.Ordinal) => new Field(name, new Normalization(name, data)),
            ColumnType.Int64 => new Field(name, new IntegerLookup(name, data, minimumCount: options.MinimumCount), Embedding(options)),
            _ when options.Numbers.Contains(name, StringComparer.Ordinal) => throw new ArgumentException($"{nameof(FieldOptions.Numbers)} names column '{column}', which does not hold numbers."),
            _ => new Field(name, new StringLookup(name, data, minimumCount: options.MinimumCount), Embedding(options)),
        };
    }

    private static Embedding Embedding(FieldOptions options) => new(options.EmbeddingDimension, options.EmbeddingInitializer) { L2 = options.EmbeddingL2 };
}

using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>Makes the fields of a table by the types of its columns.</summary>
public static class Fields
{
    // Half of it was worse on tables of numbers alone.
    private const int BinsWidth = 16;

    /// <summary>
    /// A field a column: texts and integers, also in lists, are looked up and embedded (a list by the mean of its embeddings); floats, and integers
    /// named in <see cref="FieldOptions.Numbers"/>, are normalised; strings named in <see cref="FieldOptions.Texts"/> are split into words.
    /// </summary>
    /// <remarks>
    /// <para>Vocabularies, means and variances are those of <paramref name="data"/>: give the training rows.</para>
    /// <para>
    /// A missing number (NaN) counts as the mean; where some are missing in <paramref name="data"/>, the field has a second number that tells,
    /// for that a value is missing often says more than the value would. Skewed numbers enter by their logarithm, see
    /// <see cref="NumberScale"/>. A column whose numbers are all equal is 0, whatever comes later. A missing text is the empty text, a category like others.
    /// </para>
    /// </remarks>
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

        // An option that names no column at all is a slip of the pen; one that names a column not chosen here is not.
        foreach (var name in options.Numbers.Concat(options.Texts))
        {
            _ = data[name];
        }

        return [.. names.SelectMany(name => FieldsOf(data, name, options))];
    }

    private static IEnumerable<Field> FieldsOf(FeatureBatch data, string name, FieldOptions options)
    {
        yield return FieldOf(data, name, options);
        if (options is { Label: { } label, NumberBins: 0 } && data[name].Schema is { IsJagged: false } column && IsNumber(column, options))
        {
            yield return new Field($"{name} (bins)", new PiecewiseLinear(name, data, label, options.MaximumBins), () => new Dense(BinsWidth, ActivationFunction.Relu));
        }
    }

    private static bool IsNumber(ColumnSchema column, FieldOptions options) =>
        column.Type is ColumnType.Float32 or ColumnType.Float64 || options.Numbers.Contains(column.Name, StringComparer.Ordinal);

    private static Field FieldOf(FeatureBatch data, string name, FieldOptions options)
    {
        var column = data[name].Schema;
        if (options.Texts.Contains(name, StringComparer.Ordinal))
        {
            return new Field(name, new TextVectorization(name, data, options.MaximumWords), () => Embedding(options));
        }

        return column.Type switch
        {
            ColumnType.Float32 or ColumnType.Float64 => NumberFieldOf(data, name, options),
            ColumnType.Int64 when options.Numbers.Contains(name, StringComparer.Ordinal) => NumberFieldOf(data, name, options),
            ColumnType.Int64 => new Field(name, new IntegerLookup(name, data, minimumCount: MinCount(data.Get<long>(name), options)), () => Embedding(options)),
            _ when options.Numbers.Contains(name, StringComparer.Ordinal) => throw new ArgumentException($"{nameof(FieldOptions.Numbers)} names column '{column}', which does not hold numbers."),
            _ => new Field(name, new StringLookup(name, data, minimumCount: MinCount(data.Get<string>(name), options)), () => Embedding(options)),
        };
    }

    private static Field NumberFieldOf(FeatureBatch data, string name, FieldOptions options)
    {
        if (data[name].Schema.IsJagged)
        {
            throw new ArgumentException($"Column '{data[name].Schema}' holds lists of numbers, which have no field of their own. Make columns of their length, mean or maximum.");
        }

        if (options.NumberBins > 0)
        {
            return new Field(name, new Discretization(name, data, options.NumberBins, missingBin: true), () => Embedding(options));
        }

        var numbers = NumberColumn.Of(data[name]);
        var logarithmic = options.NumberScale == NumberScale.Automatic ? numbers.IsSkewed : options.NumberScale == NumberScale.Logarithmic;
        return new Field(name, new Normalization(name, data, logarithmic: logarithmic, missingIndicator: numbers.HasMissing));
    }

    private static int MinCount<T>(Column<T> column, FieldOptions options)
        where T : notnull
    {
        if (options.MinimumCount is { } count)
        {
            return count;
        }

        var seen = new HashSet<T>();
        foreach (var value in column.Values)
        {
            if (!seen.Add(value))
            {
                return 2;
            }
        }

        return 1;
    }

    private static Embedding Embedding(FieldOptions options) => new(options.EmbeddingDimension, options.EmbeddingInitializer) { L2 = options.EmbeddingL2 };
}

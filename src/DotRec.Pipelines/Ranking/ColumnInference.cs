using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Decides what columns are, and makes them what they were taken for: numbers floats, lists jagged.</summary>
/// <remarks>
/// <para>Texts are categories and numbers with fractions are numbers. Whole numbers may be either. They are taken for categories when</para>
/// <para>— there are at most 100 different ones (a table of so few values can follow any curve a number could), or</para>
/// <para>— the name says that it holds ids, such as user_id, or</para>
/// <para>— at least one in twenty of the integers between the least and the greatest occurs: ids are given out without gaps, amounts are not;</para>
/// <para>else for numbers. A column of whole numbers with empty fields is a number. What the user says goes before all that.</para>
/// </remarks>
internal static class ColumnInference
{
    private const int FewValues = 100;
    private const double DenseShare = 0.05;

    /// <summary>What each column is, in order.</summary>
    /// <exception cref="ArgumentException">A column cannot be what the user says it is.</exception>
    public static IReadOnlyList<RankingColumn> Infer(FeatureBatch data, IEnumerable<string> names, IReadOnlyDictionary<string, FeatureKind> kinds) =>
        [.. names.Select(name => Infer(data[name], kinds.TryGetValue(name, out var kind) ? kind : null))];

    /// <summary>The table with each column as the kind wants it; others are left as they are.</summary>
    public static FeatureBatch Convert(FeatureBatch data, IEnumerable<RankingColumn> columns)
    {
        foreach (var column in columns)
        {
            data = data.With(Convert(data[column.Name], column.Kind));
        }

        return data;
    }

    /// <summary>
    /// The column as a kind wants it. Whole numbers become float32 where that keeps them apart, else float64, as times in milliseconds need; numbers that
    /// are categories become texts, 17.0 that of 17.
    /// </summary>
    public static Column Convert(Column column, FeatureKind kind) => (kind, column) switch
    {
        (FeatureKind.Number, Column<long> { Schema.IsJagged: false } integers) =>
            column.ConvertTo(integers.Values.ToArray().All(value => (long)(float)value == value && Math.Abs(value) < long.MaxValue / 2) ? ColumnType.Float32 : ColumnType.Float64),
        (FeatureKind.List, var lists) => ListField.Split(lists),
        (FeatureKind.Category, (Column<float> or Column<double>) and { Schema.IsJagged: false }) => column.ConvertTo(ColumnType.String),
        _ => column,
    };

    private static RankingColumn Infer(Column column, FeatureKind? said)
    {
        if (column is (Column<float> or Column<double>) and { Schema.IsJagged: true })
        {
            throw InvalidOption.Named("Ignore", $"Column '{column.Schema}' holds lists of numbers, which no ranking field reads. Leave it out.");
        }

        var kind = (said, column) switch
        {
            ({ } given, _) => Checked(given, column),
            (_, { Schema.IsJagged: true }) => FeatureKind.List,
            (_, Column<float> or Column<double>) => FeatureKind.Number,
            (_, Column<long> integers) => OfIntegers(integers),
            _ => FeatureKind.Category,
        };
        return column switch
        {
            Column<string> texts when kind == FeatureKind.List => Count(column, kind, texts.Values.ToArray().SelectMany(ListField.Parts), texts, text => text.Length == 0),
            Column<string> texts => Count(column, kind, texts.Values.ToArray().Where(text => text.Length > 0), texts, text => text.Length == 0),
            Column<float> numbers => Count(column, kind, numbers.Values.ToArray().Where(number => !float.IsNaN(number)), numbers, float.IsNaN),
            Column<double> numbers => Count(column, kind, numbers.Values.ToArray().Where(number => !double.IsNaN(number)), numbers, double.IsNaN),
            _ => Count(column, kind, ((Column<long>)column).Values.ToArray(), (Column<long>)column, _ => false),
        };
    }

    private static RankingColumn Count<T>(Column column, FeatureKind kind, IEnumerable<T> present, Column<T> values, Predicate<T> isMissing)
        where T : notnull
    {
        var missing = 0;
        for (var row = 0; row < column.RowCount; row++)
        {
            var cells = values.Row(row);
            missing += cells.Length == 0 || (cells.Length == 1 && isMissing(cells[0])) ? 1 : 0;
        }

        return new RankingColumn(column.Name, kind, present.Distinct().Count(), missing);
    }

    private static FeatureKind OfIntegers(Column<long> column)
    {
        var distinct = column.Values.ToArray().Distinct().ToArray();
        var range = distinct.Length == 0 ? 0 : (double)distinct.Max() - distinct.Min() + 1;
        return distinct.Length <= FewValues || IdColumns.IsIdName(column.Name) || distinct.Length >= DenseShare * range
            ? FeatureKind.Category
            : FeatureKind.Number;
    }

    private static FeatureKind Checked(FeatureKind kind, Column column) => (kind, column) switch
    {
        (FeatureKind.Text, not Column<string> { Schema.IsJagged: false }) => throw new ArgumentException($"Column '{column.Schema}' is said to be text; it does not hold texts."),
        (FeatureKind.Number, Column<string> or { Schema.IsJagged: true }) => throw new ArgumentException($"Column '{column.Schema}' is said to be a number; it does not hold numbers, one a row."),
        (FeatureKind.Category, { Schema.IsJagged: true }) => throw new ArgumentException($"Column '{column.Schema}' is said to be a category; it holds lists: say that it is a list."),
        _ => kind,
    };
}

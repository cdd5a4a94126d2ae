using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Decides what columns are, and makes them what they were taken for: numbers float32, lists jagged.</summary>
/// <remarks>
/// <para>Texts are categories and numbers with fractions are numbers. Whole numbers may be either. They are taken for categories when</para>
/// <para>— there are at most 100 different ones (a table of so few values can follow any curve a number could), or</para>
/// <para>— the name ends in "id", or</para>
/// <para>— at least one in twenty of the integers between the least and the greatest occurs: ids are given out without gaps, amounts are not;</para>
/// <para>else for numbers. A column of whole numbers with empty fields is a number. What the user says goes before all that.</para>
/// </remarks>
internal static class ColumnInference
{
    private const int FewValues = 100;
    private const double DenseShare = 0.05;

    /// <summary>What each column is, in order.</summary>
    /// <exception cref="UserException">A column cannot be what the user says it is.</exception>
    public static IReadOnlyList<RankingColumn> Infer(FeatureBatch data, IEnumerable<string> names, IReadOnlyDictionary<string, FeatureKind> kinds) =>
        [.. names.Select(name => Infer(data[name], kinds.TryGetValue(name, out var kind) ? kind : null))];

    /// <summary>The table with each column as the kind wants it; others are left as they are.</summary>
    public static FeatureBatch Convert(FeatureBatch data, IEnumerable<RankingColumn> columns)
    {
        foreach (var column in columns)
        {
            data = (column.Kind, data[column.Name]) switch
            {
                (FeatureKind.Number, Column<long> { Schema.IsJagged: false } integers) =>
                    data.With(new Column<float>(column.Name, Array.ConvertAll(integers.Values.ToArray(), value => (float)value))),
                (FeatureKind.List, var lists) => data.With(ListField.Split(lists)),
                (FeatureKind.Category, Column<float> { Schema.IsJagged: false } numbers) => data.With(AsTexts(numbers)),
                _ => data,
            };
        }

        return data;
    }

    private static RankingColumn Infer(Column column, FeatureKind? said)
    {
        if (column is Column<float> { Schema.IsJagged: true })
        {
            throw new UserException($"Column '{column.Schema}' holds lists of numbers, which no ranking field reads. Leave it out with --ignore.");
        }

        var kind = (said, column) switch
        {
            ({ } given, _) => Checked(given, column),
            (_, { Schema.IsJagged: true }) => FeatureKind.List,
            (_, Column<float>) => FeatureKind.Number,
            (_, Column<long> integers) => OfIntegers(integers),
            _ => FeatureKind.Category,
        };
        return column switch
        {
            Column<string> texts when kind == FeatureKind.List => Count(column, kind, texts.Values.ToArray().SelectMany(ListField.Parts), texts, text => text.Length == 0),
            Column<string> texts => Count(column, kind, texts.Values.ToArray().Where(text => text.Length > 0), texts, text => text.Length == 0),
            Column<float> numbers => Count(column, kind, numbers.Values.ToArray().Where(number => !float.IsNaN(number)), numbers, float.IsNaN),
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
        return distinct.Length <= FewValues || column.Name.EndsWith("id", StringComparison.OrdinalIgnoreCase) || distinct.Length >= DenseShare * range
            ? FeatureKind.Category
            : FeatureKind.Number;
    }

    private static FeatureKind Checked(FeatureKind kind, Column column) => (kind, column) switch
    {
        (FeatureKind.Text, not Column<string> { Schema.IsJagged: false }) => throw new UserException($"--text names '{column.Schema}', which does not hold texts."),
        (FeatureKind.Number, Column<string> or { Schema.IsJagged: true }) => throw new UserException($"--numbers names '{column.Schema}', which does not hold numbers, one a row."),
        (FeatureKind.Category, { Schema.IsJagged: true }) => throw new UserException($"--categories names '{column.Schema}', which holds lists; --lists is for those."),
        _ => kind,
    };

    // Whole numbers that a file holds with missing ones among them (Parquet, where a type cannot be asked for).
    private static Column<string> AsTexts(Column<float> numbers) => new(
        numbers.Name, Array.ConvertAll(numbers.Values.ToArray(), number => float.IsNaN(number) ? "" : FormattableString.Invariant($"{number}")));
}

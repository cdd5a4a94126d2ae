using System.Globalization;
using DotRec.Data;

namespace DotRec.Cli;

/// <summary>The columns of a data file as a model reads them.</summary>
internal static class QueryColumns
{
    /// <exception cref="UserException">A column is missing.</exception>
    /// <exception cref="InvalidDataException">A column holds what the model cannot read.</exception>
    public static FeatureBatch Of(FeatureBatch data, IReadOnlyList<ColumnSchema> features, string path) => new([.. features.Select(feature =>
    {
        if (!data.TryGet(feature.Name, out var column))
        {
            throw new UserException($"{path} has no column '{feature.Name}', which the model reads. Its columns are: {string.Join(", ", data.Schema)}.");
        }

        if (column.Schema.IsJagged && !feature.IsJagged)
        {
            throw new InvalidDataException($"{path}: column '{column.Schema}' holds lists; the model reads one value a row there.");
        }

        return As(feature.IsJagged ? ListField.Split(column) : column, feature, path).Rename(feature.Name);
    })]);

    /// <summary>Values as the model reads them: ids that look like numbers in a file are still text to a model that was trained on text.</summary>
    private static Column As(Column column, ColumnSchema feature, string path) => (column, feature.Type) switch
    {
        (Column<long> integers, ColumnType.String) => Map(integers, number => number.ToString(CultureInfo.InvariantCulture)),
        (Column<string> texts, ColumnType.Int64) => Map(texts, text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"{path}: column '{feature.Name}' has the text '{text}'; the model reads integers there.")),
        (Column<string>, ColumnType.String) or (not Column<string>, not ColumnType.String) => column,
        _ => throw new InvalidDataException($"{path}: column '{column.Schema}' cannot be read as the model's {feature}."),
    };

    private static Column<TTo> Map<TFrom, TTo>(Column<TFrom> column, Converter<TFrom, TTo> convert)
        where TFrom : notnull
        where TTo : notnull
    {
        var values = Array.ConvertAll(column.Values.ToArray(), convert);
        return column.Schema.IsJagged ? new Column<TTo>(column.Name, values, column.Offsets.ToArray()) : new Column<TTo>(column.Name, values);
    }
}

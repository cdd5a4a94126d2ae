using System.Globalization;
using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>The rows of a data file as queries: one dictionary of raw features a row, made as they are asked for.</summary>
internal static class QueryRows
{
    /// <exception cref="UserException">A column is missing.</exception>
    /// <exception cref="InvalidDataException">A column holds what the model cannot read; so do the rows, when they are asked for.</exception>
    public static IEnumerable<object> Of(FeatureBatch data, IReadOnlyList<QueryFeature> features, string path)
    {
        var cells = new List<(string Name, Func<int, object> Of)>();
        foreach (var feature in features)
        {
            if (!data.TryGet(feature.Name, out var column))
            {
                throw new UserException($"{path} has no column '{feature.Name}', which the model reads. Its columns are: {string.Join(", ", data.Schema)}.");
            }

            if (column.Schema.IsJagged && !feature.IsList)
            {
                throw new InvalidDataException($"{path}: column '{column.Schema}' holds lists; the model reads one value a row there.");
            }

            cells.Add((feature.Name, Cells(feature.IsList ? ListField.Split(column) : column, feature, path)));
        }

        return Enumerable.Range(0, data.RowCount).Select(row => cells.ToDictionary(cell => cell.Name, cell => cell.Of(row), StringComparer.Ordinal));
    }

    /// <summary>Values as the model reads them: ids that look like numbers in a file are still text to a model that was trained on text.</summary>
    private static Func<int, object> Cells(Column column, QueryFeature feature, string path) => (column, feature.Type) switch
    {
        (Column<string> texts, QueryFeatureType.String) => Of(texts, feature, text => text),
        (Column<long> integers, QueryFeatureType.String) => Of(integers, feature, number => number.ToString(CultureInfo.InvariantCulture)),
        (Column<long> integers, QueryFeatureType.Int64) => Of(integers, feature, number => number),
        (Column<string> texts, QueryFeatureType.Int64) => Of(texts, feature, text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"{path}: column '{feature.Name}' has the text '{text}'; the model reads integers there.")),
        (Column<float> numbers, QueryFeatureType.Float32) => Of(numbers, feature, number => number),
        (Column<long> integers, QueryFeatureType.Float32) => Of(integers, feature, number => (float)number),
        _ => throw new InvalidDataException($"{path}: column '{column.Schema}' cannot be read as the model's {feature}."),
    };

    private static Func<int, object> Of<T, TFeature>(Column<T> column, QueryFeature feature, Func<T, TFeature> convert)
        where T : notnull
        where TFeature : notnull =>
        feature.IsList ? row => Array.ConvertAll(column.Row(row).ToArray(), value => convert(value)) : row => convert(column.Row(row)[0]);
}

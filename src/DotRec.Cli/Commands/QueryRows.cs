using DotRec.Features;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>The rows of a data file as queries: one dictionary of raw features a row, made as they are asked for.</summary>
internal static class QueryRows
{
    public static IEnumerable<object> Of(FeatureBatch data, IReadOnlyList<QueryFeature> features, string path)
    {
        foreach (var feature in features.Where(feature => !data.TryGet(feature.Name, out _)))
        {
            throw new UserException($"{path} has no column '{feature.Name}', which the model reads. Its columns are: {string.Join(", ", data.Schema)}.");
        }

        return Rows(data, features);
    }

    private static IEnumerable<object> Rows(FeatureBatch data, IReadOnlyList<QueryFeature> features)
    {
        for (var row = 0; row < data.RowCount; row++)
        {
            var query = new Dictionary<string, object>(features.Count, StringComparer.Ordinal);
            foreach (var feature in features)
            {
                query[feature.Name] = Cell(data[feature.Name], row, feature);
            }

            yield return query;
        }
    }

    /// <summary>One value as the model reads it: ids that look like numbers in a file are still text to a model that was trained on text.</summary>
    private static object Cell(Column column, int row, QueryFeature feature) => column switch
    {
        Column<string> text => feature.IsList ? text.Row(row).ToArray() : text.Row(row)[0],
        Column<long> numbers when feature.Type == QueryFeatureType.String => feature.IsList
            ? Array.ConvertAll(numbers.Row(row).ToArray(), number => FormattableString.Invariant($"{number}"))
            : FormattableString.Invariant($"{numbers.Row(row)[0]}"),
        Column<long> numbers => feature.IsList ? numbers.Row(row).ToArray() : numbers.Row(row)[0],
        Column<float> numbers => feature.IsList ? numbers.Row(row).ToArray() : numbers.Row(row)[0],
        _ => throw new UserException($"Column '{column.Name}' cannot be read as {feature}."),
    };
}

using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>The rows of a data file as queries: one dictionary of raw features a row, made as they are asked for.</summary>
internal static class QueryRows
{
    /// <summary>Reads the columns that a model's queries need, and leaves out the rows without an id.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">How it is laid out.</param>
    /// <param name="recommender">Tells the features of a query, and which of them is its id.</param>
    /// <param name="ids">Further columns of ids.</param>
    /// <param name="cancellation">Stops between columns.</param>
    public static async Task<FeatureBatch> ReadAsync(
        string path, CsvOptions layout, Recommender recommender, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var seenBy = recommender.Options.Seen?.QueryFeature;
        string[] all = [.. ids, .. seenBy is null ? (string[])[] : [seenBy]];
        var data = await DataSource.ReadColumnsAsync(
            path, layout with { Ids = all }, [.. recommender.QueryFeatures.Select(feature => feature.Name), .. ids], [], cancellation);
        return all.Aggregate(data, (rows, name) => IdRows.Of(rows, name, Path.GetFileName(path)));
    }

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
    private static Func<int, object> Cells(Column column, QueryFeature feature, string path) => RankerTable.As(column, RankerTable.TypeOf(feature), path) switch
    {
        Column<string> texts => Of(texts, feature),
        Column<long> integers => Of(integers, feature),
        Column<float> numbers => Of(numbers, feature),
        var numbers => Of((Column<double>)numbers, feature),
    };

    private static Func<int, object> Of<T>(Column<T> column, QueryFeature feature)
        where T : notnull =>
        feature.IsList ? row => column.Row(row).ToArray() : row => column.Row(row)[0];
}

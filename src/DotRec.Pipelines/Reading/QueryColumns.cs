using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>The columns of a data file as a model reads them.</summary>
internal static class QueryColumns
{
    /// <exception cref="ArgumentException">A column is missing.</exception>
    /// <exception cref="InvalidDataException">A column holds what the model cannot read.</exception>
    public static FeatureBatch Of(FeatureBatch data, Recommender recommender, string path) => new([.. Present(data, recommender).Select(feature =>
    {
        if (!data.TryGet(feature.Name, out var column))
        {
            throw new ArgumentException($"{path} has no column '{feature.Name}', which the model reads. Its columns are: {string.Join(", ", data.Schema)}.");
        }

        if (column.Schema.IsJagged && !feature.IsJagged)
        {
            throw new InvalidDataException($"{path}: column '{column.Schema}' holds lists; the model reads one value a row there.");
        }

        return As(feature.IsJagged ? ListField.Split(column) : column, feature, path).Rename(feature.Name);
    })]);

    /// <summary>Reads the columns that a model's queries need, and leaves out the rows without an id.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">How it is laid out.</param>
    /// <param name="recommender">Tells the features of a query, and which of them is its id.</param>
    /// <param name="ids">Further columns of ids.</param>
    /// <param name="notes">Hears what was assumed and left out.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    public static async Task<FeatureBatch> ReadAsync(
        string path, CsvOptions layout, Recommender recommender, IReadOnlyList<string> ids, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var seenBy = recommender.Seen?.QueryFeature;
        string[] all = [.. ids, .. seenBy is null ? (string[])[] : [seenBy]];
        var data = await DataSource.ReadColumnsAsync(
            path,
            layout with { Ids = all },
            [.. recommender.QueryFeatures.Select(feature => feature.Name).Where(name => !recommender.OptionalQueryFeatures.Contains(name) || all.Contains(name, StringComparer.Ordinal)), .. ids],
            [.. recommender.OptionalQueryFeatures.Except(all, StringComparer.Ordinal)],
            notes, cancellationToken).ConfigureAwait(false);
        return all.Aggregate(data, (rows, name) => IdRows.Of(rows, name, Path.GetFileName(path), notes));
    }

    // Of the features that a query may lack, those that the file has; all of them, for the message, where it has none.
    private static IEnumerable<ColumnSchema> Present(FeatureBatch data, Recommender recommender) =>
        recommender.OptionalQueryFeatures.Any(name => data.TryGet(name, out _))
            ? recommender.QueryFeatures.Where(feature => !recommender.OptionalQueryFeatures.Contains(feature.Name) || data.TryGet(feature.Name, out _))
            : recommender.QueryFeatures;

    // Ids that look like numbers in a file are still text to a model that was trained on text.
    private static Column As(Column column, ColumnSchema feature, string path)
    {
        try
        {
            return column.ConvertTo(feature.Type);
        }
        catch (ArgumentException misfit)
        {
            throw new InvalidDataException($"{path}: {misfit.Message}", misfit);
        }
    }
}

using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Reads a table from whatever file the user names, and says what had to be assumed of it.</summary>
internal static class DataSource
{
    /// <param name="path">A file, or a folder of the parts of one table.</param>
    /// <param name="options">How the file is laid out, and what to read of it.</param>
    /// <param name="notes">Hears what was assumed; null for a file that was read before.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    public static async Task<FeatureBatch> ReadAsync(string path, CsvOptions options, PipelineNotes? notes, CancellationToken cancellationToken)
    {
        options = options with { Note = text => notes?.Note($"{Path.GetFileName(path)}: {text}") };
        options = await WithHeaderAsync(path, options, cancellationToken).ConfigureAwait(false);
        return await TableFile.ReadAsync(path, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the columns that are needed; all of them where one is missing, so that what is there can be said.</summary>
    /// <param name="path">A file, or a folder of the parts of one table.</param>
    /// <param name="options">How the file is laid out.</param>
    /// <param name="required">Columns that must be there.</param>
    /// <param name="optional">Columns that are read where they are there.</param>
    /// <param name="notes">Hears what was assumed.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    public static async Task<FeatureBatch> ReadColumnsAsync(
        string path, CsvOptions options, IReadOnlyCollection<string> required, IReadOnlyCollection<string> optional, PipelineNotes notes, CancellationToken cancellationToken)
    {
        if (options.Columns is not null || options.Header is not null)
        {
            return await ReadAsync(path, options, notes, cancellationToken).ConfigureAwait(false);
        }

        var names = await TableFile.ReadColumnNamesAsync(path, options, cancellationToken).ConfigureAwait(false);
        int[] needed = [.. required.Select(name => ColumnNames.Find(names, name))];
        var wanted = needed.Concat(optional.Select(name => ColumnNames.Find(names, name))).Where(position => position >= 0).Select(position => names[position]).ToHashSet(StringComparer.Ordinal);
        return await ReadAsync(path, needed.All(position => position >= 0) ? options with { IsWanted = wanted.Contains } : options, notes, cancellationToken).ConfigureAwait(false);
    }

    // Names of columns that the first line has none of, but as many of, are those of a file without a header line.
    private static async Task<CsvOptions> WithHeaderAsync(string path, CsvOptions options, CancellationToken cancellationToken)
    {
        if (options is not { Columns: { } columns, HasHeader: true, Header: null })
        {
            return options;
        }

        var names = await TableFile.ReadColumnNamesAsync(path, options, cancellationToken).ConfigureAwait(false);
        int[] found = [.. columns.Select(column => ColumnNames.Find(names, column))];
        if (names.Count != columns.Count || found.Any(position => position >= 0))
        {
            return options with { Columns = [.. columns.Zip(found, (column, position) => position >= 0 ? names[position] : column)] };
        }

        options.Note?.Invoke("the first line has none of the names of the columns to read: it is read as data, without a header line.");
        return options with { Columns = null, Header = columns };
    }
}

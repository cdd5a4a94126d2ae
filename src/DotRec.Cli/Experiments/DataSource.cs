using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Reads a table from whatever file the user names, and says what had to be assumed of it.</summary>
internal static class DataSource
{
    /// <param name="path">A file, or a folder of the parts of one table.</param>
    /// <param name="cancellation">Stops between columns.</param>
    /// <param name="options">How the file is laid out, and what to read of it.</param>
    /// <param name="isAgain">True for a file that was read before: what was assumed of it has been said.</param>
    public static async Task<FeatureBatch> ReadAsync(string path, CancellationToken cancellation, CsvOptions? options = null, bool isAgain = false)
    {
        void Note(string text)
        {
            if (!isAgain)
            {
                Terminal.Note($"{Path.GetFileName(path)}: {text}");
            }
        }

        options = await WithHeaderAsync(path, (options ?? new CsvOptions()) with { Note = Note }, cancellation);
        return await TableFile.ReadAsync(path, options, cancellation);
    }

    /// <summary>Reads the columns that are needed; all of them where one is missing, so that what is there can be said.</summary>
    /// <param name="path">A file, or a folder of the parts of one table.</param>
    /// <param name="options">How the file is laid out.</param>
    /// <param name="required">Columns that must be there.</param>
    /// <param name="optional">Columns that are read where they are there.</param>
    /// <param name="cancellation">Stops between columns.</param>
    public static async Task<FeatureBatch> ReadColumnsAsync(
        string path, CsvOptions options, IReadOnlyCollection<string> required, IReadOnlyCollection<string> optional, CancellationToken cancellation)
    {
        if (options.Columns is not null || options.Header is not null)
        {
            return await ReadAsync(path, cancellation, options);
        }

        var names = await TableFile.ReadColumnNamesAsync(path, options, cancellation);
        var isComplete = required.All(name => names.Contains(name, StringComparer.Ordinal));
        return await ReadAsync(path, cancellation, isComplete
            ? options with { IsWanted = name => required.Contains(name, StringComparer.Ordinal) || optional.Contains(name, StringComparer.Ordinal) }
            : options);
    }

    // Names of columns that the first line has none of, but as many of, are those of a file without a header line.
    private static async Task<CsvOptions> WithHeaderAsync(string path, CsvOptions options, CancellationToken cancellation)
    {
        if (options is not { Columns: { } columns, HasHeader: true, Header: null })
        {
            return options;
        }

        var names = await TableFile.ReadColumnNamesAsync(path, options, cancellation);
        if (names.Count != columns.Count || names.Any(name => columns.Contains(name, StringComparer.Ordinal)))
        {
            return options;
        }

        options.Note?.Invoke("the first line has none of the names of --columns: it is read as data, without a header line.");
        return options with { Columns = null, Header = columns };
    }
}

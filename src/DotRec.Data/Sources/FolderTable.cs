namespace DotRec.Data;

/// <summary>Reads the files of a folder as the parts of one table.</summary>
internal static class FolderTable
{
    /// <summary>The files of a folder and of those below it, in the order of their paths; what programs keep for themselves is passed over.</summary>
    /// <exception cref="DataFormatException">There is none.</exception>
    public static string[] FilesOf(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split('/', '\\').Any(part => part.StartsWith('.') || part.StartsWith('_')))
            .Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0 ? files : throw new DataFormatException(folder, "found a folder without files, expected the parts of a table.");
    }

    /// <exception cref="DataFormatException">A part is broken, or has other columns than the first.</exception>
    public static async Task<FeatureBatch> ReadAsync(string folder, CsvOptions options, CancellationToken cancellationToken)
    {
        var parts = new List<FeatureBatch>();
        var notes = new HashSet<string>(StringComparer.Ordinal);

        // What is assumed of every part is said once.
        options = options with { Note = options.Note is { } note ? text => _ = notes.Add(text) && Told(note, text) : null };
        foreach (var file in FilesOf(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var keys = Keys(folder, file);
            var part = await TableFile.ReadFileAsync(file, Without(options, keys), cancellationToken).ConfigureAwait(false);
            part = WithKeys(part, keys, options);
            if (parts.Count > 0 && !part.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal).SetEquals(parts[0].Columns.Select(column => column.Name)))
            {
                throw new DataFormatException(
                    file, $"its columns are {Names(part)}, those of the files before it {Names(parts[0])}. The files of a folder are parts of one table: name one of them, or move the others away.");
            }

            parts.Add(part);
        }

        return new FeatureBatch([.. parts[0].Columns.Select(column => Joined([.. parts.Select(part => part[column.Name])], folder))]);
    }

    private static bool Told(Action<string> note, string text)
    {
        note(text);
        return true;
    }

    private static Column Joined(Column[] parts, string folder)
    {
        if (parts.Select(part => part.Schema.IsJagged).Distinct().Count() > 1)
        {
            throw new DataFormatException(folder, $"column '{parts[0].Name}' holds lists in one file and single values in another.");
        }

        var type = ColumnTypes.Common(parts);
        return Column.Concatenate([.. parts.Select(part => part.ConvertTo(type))]);
    }

    // Folders named key=value.
    private static List<(string Key, string Value)> Keys(string folder, string file) =>
        [.. Path.GetRelativePath(folder, file).Split('/', '\\').SkipLast(1).Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .Select(part => (part[0], Uri.UnescapeDataString(part[1])))];

    private static CsvOptions Without(CsvOptions options, List<(string Key, string Value)> keys) => keys.Count == 0 ? options : options with
    {
        Columns = options.Columns?.Where(name => !keys.Exists(key => key.Key == name)).ToArray(),
        Schema = [.. options.Schema.Where(column => !keys.Exists(key => IsNamed(key.Key, column.Name)))],
    };

    private static FeatureBatch WithKeys(FeatureBatch part, List<(string Key, string Value)> keys, CsvOptions options)
    {
        foreach (var (key, value) in keys)
        {
            if ((options.Columns is { } columns && !columns.Contains(key, StringComparer.Ordinal)) || (options.Columns is null && options.IsWanted?.Invoke(key) == false))
            {
                continue;
            }

            var texts = new string[part.RowCount];
            texts.AsSpan().Fill(value);
            Column column = new Column<string>(key, texts);
            column = options.Schema.FirstOrDefault(schema => IsNamed(key, schema.Name)) is { } schema ? column.ConvertTo(schema.Type)
                : column.TryConvertTo(ColumnType.Int64, out var integers) ? integers : column;
            part = part.With(column);
        }

        return part;
    }

    private static bool IsNamed(string key, string name) => ColumnNames.Find([key], name) == 0;

    private static string Names(FeatureBatch data) => string.Join(", ", data.Columns.Select(column => column.Name));
}

namespace DotRec.Data;

/// <summary>
/// Reads a table from whatever a path names: CSV, TSV and other delimited text, plain, in gzip or in a zip archive; Parquet; JSON, an array of objects or an
/// object a line; or a folder of such files, the parts of one table.
/// </summary>
/// <remarks>
/// <para>Parquet is known by its first bytes, JSON by its name (.json, .jsonl, .ndjson), all else is read as <see cref="Csv"/> reads it.</para>
/// <para>
/// Of a folder, files whose names begin with a dot or an underscore are passed over, the others are read in the order of their names. Folders named
/// <c>key=value</c>, as Spark and Hive write them, add a column of the key.
/// </para>
/// <para>
/// Of the options all count for text. For other files the columns to read, the types, list delimiter and <see cref="CsvOptions.Note"/> count: a column that
/// <see cref="CsvOptions.Schema"/> names is brought to its type, and columns that no feature column can hold are left out, unless they are asked for.
/// </para>
/// </remarks>
public static class TableFile
{
    private static readonly string[] ParquetExtensions = [".parquet", ".pq", ".parq"];
    private static readonly string[] JsonExtensions = [".json", ".jsonl", ".ndjson"];

    /// <summary>True for a path with a name that Parquet files have.</summary>
    public static bool IsParquet(string path) => Array.Exists(ParquetExtensions, extension => DataFile.HasExtension(path, extension));

    /// <summary>True for what is read as delimited text; of a folder its first file tells.</summary>
    public static bool IsText(string path)
    {
        path = Directory.Exists(path) ? FolderTable.FilesOf(path)[0] : path;
        return !IsParquetFile(path) && !IsJson(DataFile.Find(path));
    }

    /// <summary>Reads a table.</summary>
    /// <param name="path">A file, or a folder of files.</param>
    /// <param name="options">By default all columns, their types found out.</param>
    /// <param name="cancellationToken">Stops between columns and files.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is broken or holds no table; the message names the file and what is wrong.</exception>
    public static async Task<FeatureBatch> ReadAsync(string path, CsvOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CsvOptions();
        return Directory.Exists(path)
            ? await FolderTable.ReadAsync(path, options, cancellationToken).ConfigureAwait(false)
            : await ReadFileAsync(path, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The names of all columns that a file has, those included that no feature column can hold; of a folder those of its first file.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<IReadOnlyList<string>> ReadColumnNamesAsync(string path, CsvOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CsvOptions();
        path = Directory.Exists(path) ? FolderTable.FilesOf(path)[0] : path;
        if (IsParquetFile(path))
        {
            var table = await ParquetTable.OpenAsync(path, DataFile.Existing(path), cancellationToken).ConfigureAwait(false);
            await using var disposal = table.ConfigureAwait(false);
            return [.. table.Fields.Select(field => field.Name)];
        }

        var file = DataFile.Find(path);
        if (IsJson(file))
        {
            return [.. JsonTable.Read(file, new CsvOptions()).Schema.Select(column => column.Name)];
        }

        using var reader = CsvLayout.Of(file, options).Open();
        return CsvHeader.Read(reader, file.Name, options).Names;
    }

    internal static async Task<FeatureBatch> ReadFileAsync(string path, CsvOptions options, CancellationToken cancellationToken)
    {
        if (IsParquetFile(path))
        {
            var table = await ParquetTable.OpenAsync(path, DataFile.Existing(path), cancellationToken).ConfigureAwait(false);
            await using var disposal = table.ConfigureAwait(false);
            var wanted = options.Columns ?? (options.IsWanted is { } isWanted ? [.. table.Fields.Select(field => field.Name).Where(isWanted)] : null);
            return wanted is [] ? Nothing(path, table.Fields.Select(field => field.Name))
                : Typed(await ParquetFile.ReadAsync(table, wanted, options.Note ?? (_ => { }), cancellationToken).ConfigureAwait(false), options, path);
        }

        var file = DataFile.Find(path);
        return IsJson(file) ? Typed(JsonTable.Read(file, options), options, path) : Csv.Read(file, options);
    }

    private static FeatureBatch Nothing(string path, IEnumerable<string> names) =>
        throw new DataFormatException(path, $"none of its columns is one of those to read. The columns are: {string.Join(", ", names)}.");

    private static bool IsJson(DataFile file) => Array.Exists(JsonExtensions, extension => string.Equals(file.Extension, extension, StringComparison.OrdinalIgnoreCase));

    // The first bytes tell, whatever the name; a file that only has the name is told what is wrong by the reader.
    private static bool IsParquetFile(string path)
    {
        if (IsParquet(path) || !File.Exists(path))
        {
            return IsParquet(path);
        }

        using var file = DataFile.OpenFile(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("PAR1"u8);
    }

    // The columns of the schema as it says; others as they are.
    private static FeatureBatch Typed(FeatureBatch data, CsvOptions options, string path)
    {
        foreach (var schema in options.Schema)
        {
            if (!data.TryGet(schema.Name, out var column))
            {
                throw new DataFormatException(path, $"there is no column '{schema.Name}'. The columns are: {string.Join(", ", data.Columns.Select(other => other.Name))}.");
            }

            data = data.With(Typed(column, schema, options, path));
        }

        return data;
    }

    private static Column Typed(Column column, ColumnSchema schema, CsvOptions options, string path)
    {
        if (column.Schema.IsJagged && !schema.IsJagged)
        {
            throw new DataFormatException(path, $"column '{column.Schema}' holds lists, expected one value a row.");
        }

        try
        {
            return (column.Schema.IsJagged == schema.IsJagged ? column : Lists((Column<string>)column.ConvertTo(ColumnType.String), options.ListDelimiter)).ConvertTo(schema.Type);
        }
        catch (ArgumentException misfit)
        {
            throw new DataFormatException(path, misfit.Message, misfit);
        }
    }

    private static Column<string> Lists(Column<string> texts, char delimiter)
    {
        var (values, offsets) = (new List<string>(), new int[texts.RowCount + 1]);
        for (var row = 0; row < texts.RowCount; row++)
        {
            values.AddRange(texts.Values[row].Length == 0 ? [] : texts.Values[row].Split(delimiter));
            offsets[row + 1] = values.Count;
        }

        return new Column<string>(texts.Name, [.. values], offsets);
    }
}

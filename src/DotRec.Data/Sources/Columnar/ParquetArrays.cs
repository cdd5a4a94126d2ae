namespace DotRec.Data;

/// <summary>
/// Columns of single values as arrays of the types that the file has: string (null where one is missing), int, long, float or double. For files that are
/// ours and that somebody may have altered; files of users are read by <see cref="ParquetFile"/>.
/// </summary>
internal static class ParquetArrays
{
    /// <exception cref="DataFormatException">The file is damaged, a column is not there, or it holds other values or lacks a number.</exception>
    public static async Task<IReadOnlyList<Array>> ReadAsync(string path, IReadOnlyList<string> names, CancellationToken cancellationToken = default)
    {
        var table = await ParquetTable.OpenAsync(path, DataFile.Existing(path), cancellationToken).ConfigureAwait(false);
        await using var disposal = table.ConfigureAwait(false);
        var columns = new Array[names.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var field = table.Fields.FirstOrDefault(field => string.Equals(field.Name, names[i], StringComparison.Ordinal)) ?? throw new DataFormatException(
                path, $"it has no column '{names[i]}'. The columns are: {string.Join(", ", table.Fields.Select(field => field.Name))}.");
            columns[i] = await ReadAsync(table, field, cancellationToken).ConfigureAwait(false);
        }

        return columns;
    }

    private static async Task<Array> ReadAsync(ParquetTable table, ParquetField field, CancellationToken cancellationToken) => field is { IsList: false, Leaf: { } leaf }
        ? leaf.Type switch
        {
            ParquetType.Int32 => await ReadAsync(table, field, new ParquetNumbers<int, int>(convert: null), cancellationToken).ConfigureAwait(false),
            ParquetType.Int64 => await ReadAsync(table, field, new ParquetNumbers<long, long>(convert: null), cancellationToken).ConfigureAwait(false),
            ParquetType.Float => await ReadAsync(table, field, new ParquetNumbers<float, float>(convert: null), cancellationToken).ConfigureAwait(false),
            ParquetType.Double => await ReadAsync(table, field, new ParquetNumbers<double, double>(convert: null), cancellationToken).ConfigureAwait(false),
            ParquetType.ByteArray => await ReadAsync(table, field, Texts(table.Name, field), cancellationToken).ConfigureAwait(false),
            _ => throw Foreign(table, field),
        }
        : throw Foreign(table, field);

    private static async Task<Array> ReadAsync<T>(ParquetTable table, ParquetField field, ParquetValues<T> values, CancellationToken cancellationToken)
    {
        var parts = new List<T[]>();
        for (var group = 0; group < table.RowGroupCount; group++)
        {
            parts.Add(await table.ReadAsync(group, field, Part, cancellationToken).ConfigureAwait(false));
        }

        return parts.Count == 1 ? parts[0] : parts.SelectMany(part => part).ToArray();

        T[] Part(ParquetChunk chunk, byte[] pages, int rowCount)
        {
            var rows = new ParquetChunkReader<T>(field, values).Read(chunk, pages, rowCount);
            return rows.IsMissing is null || typeof(T) == typeof(string) ? rows.Values
                : throw new InvalidDataException($"column '{field.Name}' lacks a number in row {Array.IndexOf(rows.IsMissing, true) + 1} of a row group");
        }
    }

    private static ParquetBytes<string> Texts(string file, ParquetField field)
    {
        var pool = new StringPool();
        return new ParquetBytes<string>(length: 0, bytes => pool.TryGet(bytes, out var text) ? text
            : throw new DataFormatException(file, $"column '{field.Name}' holds {TableReader.Quoted(bytes)}, expected UTF-8 text."));
    }

    private static DataFormatException Foreign(ParquetTable table, ParquetField field) =>
        new(table.Name, $"column '{field.Name}' holds values of another kind than texts and numbers, one a row.");
}

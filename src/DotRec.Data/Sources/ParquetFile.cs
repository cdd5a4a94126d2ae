using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Reads and writes Apache Parquet files.</summary>
/// <remarks>
/// <para>
/// Strings, text in binary columns and UUIDs become strings; integers, booleans (0 or 1), whole decimals and dates (Unix seconds) become int64; floats and
/// half floats become float32; doubles and decimals become float64. Timestamps and times of the day are seconds, int64 where all are whole, else float64.
/// Doubles stay what they are even where a float32 would hold them: a file says what type it has, and the next file of the same table says the same.
/// </para>
/// <para>
/// A missing text is empty and a missing number NaN; integers with missing ones are float64, or strings where that would lose digits. Unsigned integers of
/// 64 bits are strings where one is above 2^63. Lists of these become jagged columns, a missing list an empty one.
/// </para>
/// <para>Maps, structures and lists of lists are not read: choose the other columns.</para>
/// </remarks>
public static class ParquetFile
{
    /// <summary>Rows of a row group that <see cref="WriteAsync(FeatureBatch, string, CancellationToken)"/> writes at most.</summary>
    private const int RowGroupLength = 1 << 20;

    /// <summary>Reads a file into columns.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the columns to read, in this order; null reads all. Only these are decoded.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">
    /// The file is broken or no Parquet file, a column is missing, or it holds what no column can; the message names both.
    /// </exception>
    public static async Task<FeatureBatch> ReadAsync(string path, IReadOnlyList<string>? columns = null, CancellationToken cancellationToken = default)
    {
        var table = await OpenAsync(path, cancellationToken).ConfigureAwait(false);
        await using var disposal = table.ConfigureAwait(false);
        return await ReadAsync(table, columns, note: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the columns of an open file.</summary>
    /// <param name="table">The file.</param>
    /// <param name="columns">Names of the columns to read; null reads all.</param>
    /// <param name="note">Told which columns are left out because no feature column can hold them; null to refuse them instead.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    internal static async Task<FeatureBatch> ReadAsync(ParquetTable table, IReadOnlyList<string>? columns, Action<string>? note, CancellationToken cancellationToken)
    {
        var read = new List<Column>();
        foreach (var source in table.Sources(columns, note))
        {
            var parts = await ReadPartsAsync(table, source, cancellationToken).ConfigureAwait(false);
            var type = ColumnTypes.Common(parts);
            read.Add(Column.Concatenate([.. parts.Select(part => part.ConvertTo(type))]));
        }

        return new FeatureBatch(read);
    }

    /// <summary>Reads a file one row group after another, so that it need not fit the memory. A file without rows gives one batch without rows.</summary>
    /// <remarks>Integers whose type depends on what is missing are read twice, the first time to tell the type.</remarks>
    /// <inheritdoc cref="ReadAsync(string, IReadOnlyList{string}?, CancellationToken)"/>
    public static async IAsyncEnumerable<FeatureBatch> ReadRowGroupsAsync(
        string path, IReadOnlyList<string>? columns = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var table = await OpenAsync(path, cancellationToken).ConfigureAwait(false);
        await using var disposal = table.ConfigureAwait(false);
        var sources = table.Sources(columns, note: null);
        var types = new ColumnType?[sources.Count];
        for (var i = 0; i < types.Length; i++)
        {
            // The type has to be known before the first row group is given away.
            types[i] = sources[i].Varies && table.RowGroupCount > 1
                ? ColumnTypes.Common(await ReadPartsAsync(table, sources[i], cancellationToken).ConfigureAwait(false))
                : null;
        }

        for (var group = 0; group < Math.Max(1, table.RowGroupCount); group++)
        {
            var read = new Column[sources.Count];
            for (var i = 0; i < read.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                read[i] = table.RowGroupCount == 0 ? sources[i].Empty() : await table.ReadAsync(group, sources[i], cancellationToken).ConfigureAwait(false);
                read[i] = types[i] is { } type ? read[i].ConvertTo(type) : read[i];
            }

            yield return new FeatureBatch(read);
        }
    }

    /// <summary>Writes the columns to a file, in row groups of about a million rows. A file of the name is replaced when the new one is complete.</summary>
    public static Task WriteAsync(FeatureBatch data, string path, CancellationToken cancellationToken = default) =>
        WriteAsync(RowGroups(data), path, cancellationToken);

    /// <summary>
    /// Writes batches with equal columns to a file, each as a row group, as they come. A file of the name is replaced when the new one is complete.
    /// </summary>
    /// <exception cref="ArgumentException">There is no batch, or their columns differ.</exception>
    public static async Task WriteAsync(IEnumerable<FeatureBatch> rowGroups, string path, CancellationToken cancellationToken = default)
    {
        using var file = OutputFile.Create(path);
        await ParquetTarget.WriteAsync(rowGroups, file.Stream, cancellationToken).ConfigureAwait(false);
        file.Commit();
    }

    private static IEnumerable<FeatureBatch> RowGroups(FeatureBatch data)
    {
        if (data.RowCount <= RowGroupLength)
        {
            yield return data;
            yield break;
        }

        for (var start = 0; start < data.RowCount; start += RowGroupLength)
        {
            yield return data.Slice(start, Math.Min(RowGroupLength, data.RowCount - start));
        }
    }

    private static Task<ParquetTable> OpenAsync(string path, CancellationToken cancellationToken) =>
        ParquetTable.OpenAsync(path, DataFile.Existing(path), cancellationToken);

    private static async Task<Column[]> ReadPartsAsync(ParquetTable table, ParquetSource source, CancellationToken cancellationToken)
    {
        if (table.RowGroupCount == 0)
        {
            return [source.Empty()];
        }

        var parts = new Column[table.RowGroupCount];
        for (var group = 0; group < parts.Length; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            parts[group] = await table.ReadAsync(group, source, cancellationToken).ConfigureAwait(false);
        }

        return parts;
    }
}

using System.Runtime.CompilerServices;
using Parquet;

namespace DotRec.Data;

/// <summary>Reads and writes Apache Parquet files.</summary>
/// <remarks>
/// <para>
/// Strings, text in binary columns and UUIDs become strings; integers, booleans (0 or 1), dates and timestamps (Unix seconds) become int64; floats,
/// doubles and decimals become float32. Lists of these become jagged columns, a missing list an empty one. A missing number of a float32 column is NaN,
/// a missing text is empty; a missing integer is an error, for no integer can stand for it.
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
        var groups = new List<FeatureBatch>();
        await foreach (var group in ReadRowGroupsAsync(path, columns, cancellationToken).ConfigureAwait(false))
        {
            groups.Add(group);
        }

        return FeatureBatch.Concatenate(groups);
    }

    /// <summary>Reads a file one row group after another, so that it need not fit the memory. A file without rows gives one batch without rows.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async IAsyncEnumerable<FeatureBatch> ReadRowGroupsAsync(
        string path, IReadOnlyList<string>? columns = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var file = DataFile.Existing(path);
        await using var stream = file.ConfigureAwait(false);
        var reader = await Guard(path, () =>
        {
            ParquetFooter.Check(file);
            return ParquetReader.CreateAsync(file, cancellationToken: cancellationToken);
        }).ConfigureAwait(false);
        await using var disposal = reader.ConfigureAwait(false);
        var sources = await Guard(path, () => Task.FromResult(ParquetSource.Of(path, reader.Schema, columns))).ConfigureAwait(false);
        for (var number = 0; number < Math.Max(1, reader.RowGroupCount); number++)
        {
            var read = new List<Column>();
            foreach (var source in sources)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var group = number;
                read.Add(reader.RowGroupCount == 0
                    ? source.Empty()
                    : await Guard(path, () => source.ReadAsync(reader.OpenRowGroupReader(group), cancellationToken)).ConfigureAwait(false));
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
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var file = File.Create(temporary);
            await using (file.ConfigureAwait(false))
            {
                await ParquetTarget.WriteAsync(rowGroups, file, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
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

    // A broken file makes the decoder fail in any way at all: every failure of it means that the file cannot be read.
    private static async Task<T> Guard<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is not (OperationCanceledException or DataFormatException))
        {
            throw new DataFormatException(
                path, $"found a file that cannot be read as Parquet ({broken.Message}). It is cut off, damaged or of another format.", broken);
        }
    }
}

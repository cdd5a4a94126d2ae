using DotRec.Data;
using Parquet;
using Parquet.Schema;

namespace DotRec.Serving;

/// <summary>A small Parquet file of plain columns held in memory: arrays of string (nulls allowed), long, int, double or float, all of one length.</summary>
internal static class ColumnFile
{
    private const int RowsInGroup = 1 << 20;

    /// <summary>Parquet.Net works asynchronously; on files its tasks complete without a scheduler, so waiting for them here cannot dead-lock.</summary>
    public static void Write(string path, IReadOnlyList<(string Name, Array Values)> columns) => WriteAsync(path, columns).GetAwaiter().GetResult();

    /// <summary>Reads the named columns.</summary>
    /// <exception cref="BundleException">The file is not Parquet, or a column is absent or of a type that is not supported.</exception>
    public static IReadOnlyList<Array> Read(string path, IReadOnlyList<string> names)
    {
        try
        {
            return ParquetArrays.ReadAsync(path, names).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is DataFormatException or IOException or UnauthorizedAccessException)
        {
            throw new BundleException(exception is DataFormatException ? exception.Message : $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    public static DataField Field(string name, Type type) => type == typeof(string) ? new DataField<string>(name, nullable: true) : new DataField(name, type, isNullable: false);

    /// <summary>Writes rows start … start + count − 1 of a column into a row group.</summary>
    public static Task WriteAsync(ParquetRowGroupWriter group, DataField field, Array values, int start, int count) => values switch
    {
        string[] texts => group.WriteAsync(field, new ArraySegment<string>(texts, start, count)),
        long[] numbers => group.WriteAsync<long>(field, numbers.AsMemory(start, count)),
        int[] numbers => group.WriteAsync<int>(field, numbers.AsMemory(start, count)),
        double[] numbers => group.WriteAsync<double>(field, numbers.AsMemory(start, count)),
        float[] numbers => group.WriteAsync<float>(field, numbers.AsMemory(start, count)),
        _ => throw new NotSupportedException($"Column '{field.Name}' is a {values.GetType().Name}."),
    };

    private static async Task WriteAsync(string path, IReadOnlyList<(string Name, Array Values)> columns)
    {
        var fields = columns.Select(column => Field(column.Name, column.Values.GetType().GetElementType()!)).ToArray();
        var rows = columns[0].Values.Length;
        var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        await using (file.ConfigureAwait(false))
        {
            var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                var start = 0;
                do
                {
                    var count = Math.Min(RowsInGroup, rows - start);
                    using var group = writer.CreateRowGroup();
                    for (var i = 0; i < fields.Length; i++)
                    {
                        await WriteAsync(group, fields[i], columns[i].Values, start, count).ConfigureAwait(false);
                    }

                    group.CompleteValidate();
                    start += count;
                }
                while (start < rows);
            }
        }
    }
}

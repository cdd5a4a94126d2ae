using Parquet;
using Parquet.Schema;

namespace DotRec.Data;

/// <summary>Writes feature columns as Parquet columns without nulls; jagged columns as lists of three levels, the form all readers know.</summary>
internal static class ParquetTarget
{
    // Definition levels of a list: 0 no list, 1 an empty list, 2 an element.
    private const int EmptyList = 1;
    private const int Element = 2;

    public static async Task WriteAsync(IEnumerable<FeatureBatch> rowGroups, Stream stream, CancellationToken cancellationToken)
    {
        ParquetWriter? writer = null;
        Field[] fields = [];
        IReadOnlyList<ColumnSchema> schema = [];
        try
        {
            foreach (var batch in rowGroups)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (writer is null)
                {
                    schema = batch.Schema;
                    fields = [.. schema.Select(FieldOf)];
                    writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, cancellationToken: cancellationToken).ConfigureAwait(false);
                }
                else if (!batch.Schema.SequenceEqual(schema))
                {
                    throw new ArgumentException(
                        $"Row groups of one file have the same columns, not ({string.Join(", ", schema)}) and ({string.Join(", ", batch.Schema)}).",
                        nameof(rowGroups));
                }

                using var group = writer.CreateRowGroup();
                for (var i = 0; i < fields.Length; i++)
                {
                    await WriteAsync(group, fields[i], batch.Columns[i], cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (writer is not null)
            {
                await writer.DisposeAsync().ConfigureAwait(false);
            }
        }

        if (writer is null)
        {
            throw new ArgumentException("A Parquet file needs at least one batch: without one its columns are unknown.", nameof(rowGroups));
        }
    }

    private static Field FieldOf(ColumnSchema schema)
    {
        var type = schema.Type switch
        {
            ColumnType.String => typeof(string),
            ColumnType.Int64 => typeof(long),
            ColumnType.Float64 => typeof(double),
            _ => typeof(float),
        };
        return schema.IsJagged
            ? new ListField(schema.Name, new DataField("element", type, isNullable: false))
            : new DataField(schema.Name, type, isNullable: false);
    }

    private static Task WriteAsync(ParquetRowGroupWriter group, Field field, Column column, CancellationToken cancellationToken) => column switch
    {
        Column<string> strings => WriteAsync(group, field, strings, Array.ConvertAll(strings.Values.ToArray(), text => text.AsMemory()), cancellationToken),
        Column<long> integers => WriteAsync(group, field, integers, integers.Values.ToArray(), cancellationToken),
        Column<float> floats => WriteAsync(group, field, floats, floats.Values.ToArray(), cancellationToken),
        Column<double> floats => WriteAsync(group, field, floats, floats.Values.ToArray(), cancellationToken),
        _ => throw new NotSupportedException(column.Schema.ToString()),
    };

    private static Task WriteAsync<TValue, TRaw>(
        ParquetRowGroupWriter group, Field field, Column<TValue> column, TRaw[] values, CancellationToken cancellationToken)
        where TValue : notnull
        where TRaw : struct
    {
        if (field is not ListField list)
        {
            return group.WriteAsync<TRaw>((DataField)field, values, cancellationToken: cancellationToken);
        }

        var (definitions, repetitions) = (new List<int>(), new List<int>());
        for (var row = 0; row < column.RowCount; row++)
        {
            var length = column.Row(row).Length;
            for (var place = 0; place < Math.Max(1, length); place++)
            {
                definitions.Add(length == 0 ? EmptyList : Element);
                repetitions.Add(place == 0 ? 0 : 1);
            }
        }

        return group.WriteAllPartsAsync<TRaw>((DataField)list.Item, values, definitions.ToArray(), repetitions.ToArray(), cancellationToken);
    }
}

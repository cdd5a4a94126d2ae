using System.Reflection;

namespace DotRec.Data;

/// <summary>Makes columns of a sequence of records. What is compiled for a type is kept.</summary>
internal static class RecordBatch<T>
{
    private static readonly Lazy<Reading> All = new(() =>
    {
        PropertyInfo[] properties = [.. RecordProperties.Of(typeof(T)).Where(property => RecordProperties.SchemaOf(property) is not null)];
        return Compile(properties, Array.ConvertAll(properties, property => RecordProperties.SchemaOf(property)!));
    });

    /// <summary>A column for each public property that a column can hold.</summary>
    public static FeatureBatch Read(IEnumerable<T> rows)
    {
        CheckType();
        return Read(rows, All.Value.Columns.Length > 0 ? All.Value : throw NoProperties());
    }

    /// <inheritdoc cref="Read(IEnumerable{T})"/>
    public static async Task<FeatureBatch> ReadAsync(IAsyncEnumerable<T> rows, CancellationToken cancellationToken)
    {
        CheckType();
        var reading = All.Value.Columns.Length > 0 ? All.Value : throw NoProperties();
        var buffers = Array.ConvertAll(reading.Columns, ColumnBuffer.Create);
        await foreach (var record in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Add(record, reading, buffers);
        }

        return Build(buffers);
    }

    /// <summary>The columns that are asked for, of the types asked for.</summary>
    /// <exception cref="ArgumentException">There is no property for a column, or with <paramref name="strict"/> no column for a property.</exception>
    public static FeatureBatch Read(IEnumerable<T> rows, IReadOnlyList<ColumnSchema> schema, bool strict)
    {
        CheckType();
        var properties = RecordProperties.Of(typeof(T));
        string[] names = Array.ConvertAll(properties, property => property.Name);
        var positions = schema.Select(column => ColumnNames.Find(names, column.Name) is >= 0 and var position ? position : throw new ArgumentException(
            $"{typeof(T).Name} has no property '{column.Name}'. Its properties are: {string.Join(", ", names)}.", nameof(schema))).ToArray();
        var extra = names.Where((_, i) => !positions.Contains(i)).FirstOrDefault();
        return !strict || extra is null ? Read(rows, Compile(Array.ConvertAll(positions, position => properties[position]), [.. schema])) : throw new ArgumentException(
            $"{typeof(T).Name} has the property '{extra}', which is none of the columns {string.Join(", ", schema)}.", nameof(schema));
    }

    private static FeatureBatch Read(IEnumerable<T> rows, Reading reading)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var buffers = Array.ConvertAll(reading.Columns, ColumnBuffer.Create);
        foreach (var record in rows)
        {
            Add(record, reading, buffers);
        }

        return Build(buffers);
    }

    private static void Add(T record, Reading reading, ColumnBuffer[] buffers)
    {
        if (record is null)
        {
            throw new ArgumentException($"Row {buffers[0].RowCount} is null.", nameof(record));
        }

        try
        {
            reading.Add(record, buffers);
        }
        catch (InvalidValueException exception)
        {
            throw new ArgumentException($"Row {buffers.Min(buffer => buffer.RowCount)}: {exception.Message}", nameof(record), exception);
        }
    }

    private static FeatureBatch Build(ColumnBuffer[] buffers) => new(Array.ConvertAll(buffers, buffer => buffer.Build()));

    private static Reading Compile(PropertyInfo[] properties, ColumnSchema[] columns) => new(columns, RecordReader.Compile<T>(typeof(T), properties, columns));

    private static void CheckType()
    {
        if (typeof(T).IsPrimitive || typeof(T) == typeof(string))
        {
            throw NoProperties();
        }
    }

    private static ArgumentException NoProperties() => new(
        $"{typeof(T).Name} has no properties to make columns of. Give records, classes or anonymous objects with properties that are texts, numbers, "
        + "times, enums, bools or lists of these, or make a Column<T> of the values.");

    private sealed record Reading(ColumnSchema[] Columns, Action<T, ColumnBuffer[]> Add);
}

using System.Globalization;
using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Reads a file with the types that a ranker's features have, whatever a look at the file alone would make of them.</summary>
internal static class RankerTable
{
    /// <summary>A table whose named columns have the given types; it may have others.</summary>
    /// <exception cref="FormatException">A column is missing or a field is not of its type; the message names the line.</exception>
    public static async Task<FeatureBatch> ReadAsync(string path, IReadOnlyList<ColumnSchema> types, CsvOptions layout, CancellationToken cancellation)
    {
        var data = await DataSource.ReadAsync(path, cancellation, layout with { Schema = types });
        foreach (var type in types)
        {
            data = data.TryGet(type.Name, out var column)
                ? data.With(Convert(column, type, path))
                : throw new UserException($"{path} has no column '{type.Name}', which the model reads. Its columns are: {string.Join(", ", data.Schema)}.");
            if (data[type.Name] is Column<float> numbers)
            {
                RequireFinite(numbers, path);
            }
        }

        return data;
    }

    /// <exception cref="InvalidDataException">A number is infinite; missing ones are allowed.</exception>
    public static void RequireFinite(Column<float> numbers, string file)
    {
        for (var row = 0; row < numbers.RowCount; row++)
        {
            if (numbers.Row(row).ContainsAny(float.PositiveInfinity, float.NegativeInfinity))
            {
                throw new InvalidDataException($"{file}: row {row + 1} has an infinite number in column '{numbers.Name}'. Write a finite one, or leave the field empty.");
            }
        }
    }

    // Only a Parquet file brings types of its own.
    private static Column Convert(Column column, ColumnSchema wanted, string path) => (column, wanted) switch
    {
        _ when column.Schema == wanted => column,
        (Column<string> { Schema.IsJagged: false }, { IsJagged: true, Type: ColumnType.String }) => ListField.Split(column),
        (Column<long> { Schema.IsJagged: false } integers, { IsJagged: false, Type: ColumnType.Float32 }) =>
            new Column<float>(column.Name, Array.ConvertAll(integers.Values.ToArray(), value => (float)value)),
        (Column<long> { Schema.IsJagged: false } integers, { IsJagged: false, Type: ColumnType.String }) =>
            new Column<string>(column.Name, Array.ConvertAll(integers.Values.ToArray(), value => value.ToString(CultureInfo.InvariantCulture))),
        _ => throw new InvalidDataException($"{path}: column '{column.Schema}' cannot be read as the model's {wanted}."),
    };
}

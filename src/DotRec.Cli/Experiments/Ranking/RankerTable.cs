using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>Reads a file with the types that a ranker's features have, whatever a look at the file alone would make of them.</summary>
internal static class RankerTable
{
    /// <summary>The columns that a ranker reads.</summary>
    public static ColumnSchema[] SchemaOf(IReadOnlyList<QueryFeature> features) =>
        [.. features.Select(feature => new ColumnSchema(feature.Name, TypeOf(feature), feature.IsList))];

    /// <summary>The type of the column that holds a feature.</summary>
    public static ColumnType TypeOf(QueryFeature feature) => feature.Type switch
    {
        QueryFeatureType.String => ColumnType.String,
        QueryFeatureType.Int64 => ColumnType.Int64,
        QueryFeatureType.Float64 => ColumnType.Float64,
        _ => ColumnType.Float32,
    };

    /// <summary>The same values as another type.</summary>
    /// <exception cref="InvalidDataException">A value does not fit; the message names file, row and value.</exception>
    public static Column As(Column column, ColumnType type, string path)
    {
        try
        {
            return column.ConvertTo(type);
        }
        catch (ArgumentException misfit)
        {
            throw new InvalidDataException($"{path}: {misfit.Message}", misfit);
        }
    }

    /// <summary>A table whose named columns have the given types; it may have others.</summary>
    /// <exception cref="FormatException">A column is missing or a field is not of its type; the message names the line.</exception>
    public static async Task<FeatureBatch> ReadAsync(string path, IReadOnlyList<ColumnSchema> types, CsvOptions layout, CancellationToken cancellation)
    {
        var data = await DataSource.ReadAsync(path, cancellation, layout with { Schema = types });
        foreach (var type in types)
        {
            RequireFinite(data[type.Name], path);
        }

        return data;
    }

    /// <exception cref="InvalidDataException">A number is infinite; missing ones are allowed.</exception>
    public static void RequireFinite(Column column, string file)
    {
        for (var row = 0; row < column.RowCount; row++)
        {
            if (column is Column<float> singles ? singles.Row(row).ContainsAny(float.PositiveInfinity, float.NegativeInfinity)
                : column is Column<double> doubles && doubles.Row(row).ContainsAny(double.PositiveInfinity, double.NegativeInfinity))
            {
                throw new InvalidDataException($"{file}: row {row + 1} has an infinite number in column '{column.Name}'. Write a finite one, or leave the field empty.");
            }
        }
    }
}

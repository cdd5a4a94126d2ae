using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Reads a file with the types that a ranker's features have, whatever a look at the file alone would make of them.</summary>
internal static class RankerTable
{
    /// <summary>A table whose named columns have the given types; it may have others.</summary>
    /// <exception cref="FormatException">A column is missing or a field is not of its type; the message names the line.</exception>
    public static async Task<FeatureBatch> ReadAsync(string path, IReadOnlyList<ColumnSchema> types, CsvOptions layout, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var data = await DataSource.ReadAsync(path, layout with { Schema = types }, notes, cancellationToken).ConfigureAwait(false);
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

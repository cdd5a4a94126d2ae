using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Writes a table to the format that its file's name says.</summary>
internal static class TableOutput
{
    /// <exception cref="ArgumentException">The name ends neither in .csv nor as Parquet files do.</exception>
    public static void Check(string path, string option)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!TableFile.IsParquet(path) && !path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"{path} says no format to write: a .parquet or .csv file was expected.", option);
        }
    }

    /// <summary>Writes the file, whole or not at all; its folder is made if it is not there.</summary>
    public static Task WriteAsync(FeatureBatch table, string path, CancellationToken cancellationToken)
    {
        Check(path, nameof(path));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return TableFile.IsParquet(path) ? ParquetFile.WriteAsync(table, path, cancellationToken) : Csv.WriteAsync(table, path, cancellationToken: cancellationToken);
    }
}

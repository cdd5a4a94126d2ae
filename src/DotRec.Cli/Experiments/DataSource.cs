using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Reads a table from whatever file the user names: CSV or TSV (also .gz, or alone in a .zip) or Parquet.</summary>
internal static class DataSource
{
    public static async Task<FeatureBatch> ReadAsync(string path, CancellationToken cancellation, CsvOptions? options = null)
    {
        if (Directory.Exists(path))
        {
            throw new UserException($"{path} is a folder. Name one of the files in it.");
        }

        return IsParquet(path) ? await ParquetFile.ReadAsync(path, cancellationToken: cancellation) : Csv.Read(path, options);
    }

    public static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
}

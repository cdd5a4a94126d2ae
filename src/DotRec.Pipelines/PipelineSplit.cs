using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Which rows a pipeline trained on, stopped by and measured on.</summary>
/// <param name="Train">
/// Rows that the weights were learned from. The validation rows are among them: when they have told how many epochs are best, the model is trained anew on
/// all rows, unless it was stopped before.
/// </param>
/// <param name="Validation">Rows that the number of epochs was chosen by; null where all epochs were run.</param>
/// <param name="Test">Rows that neither weights nor the number of epochs were chosen by; no rows where none were held out.</param>
public sealed record PipelineSplit(FeatureBatch Train, FeatureBatch? Validation, FeatureBatch Test)
{
    /// <summary>
    /// Writes the parts as train.parquet, validation.parquet and test.parquet, those that have rows, with the types that the pipeline read: for other
    /// programs to train and measure on the very same rows.
    /// </summary>
    /// <param name="directory">A folder; it is made if it is not there.</param>
    /// <param name="cancellationToken">Stops between columns; a file is there whole or not at all.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public async Task<IReadOnlyList<string>> SaveAsync(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Directory.CreateDirectory(directory);
        var files = new List<string>();
        foreach (var (name, rows) in new[] { ("train", Train), ("validation", Validation), ("test", Test) })
        {
            if (rows is { RowCount: > 0 })
            {
                files.Add(Path.Combine(directory, name + ".parquet"));
                await ParquetFile.WriteAsync(rows, files[^1], cancellationToken).ConfigureAwait(false);
            }
        }

        return files;
    }
}

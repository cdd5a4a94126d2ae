namespace DotRec.Serving;

/// <summary>A file of recommendations being written.</summary>
internal abstract class RecommendationWriter : IDisposable
{
    /// <summary>Chooses the format by the extension of <paramref name="path"/>.</summary>
    /// <param name="path">The file's final name, whose extension decides.</param>
    /// <param name="temporary">Where to write.</param>
    /// <param name="names">Column names.</param>
    /// <param name="types">Column element types.</param>
    /// <exception cref="ArgumentException">The extension is neither .parquet nor .csv.</exception>
    public static RecommendationWriter Create(string path, string temporary, IReadOnlyList<string> names, IReadOnlyList<Type> types) =>
        Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PARQUET" => new ParquetRecommendationWriter(temporary, names, types),
            ".CSV" => new CsvRecommendationWriter(temporary, names),
            _ => throw new ArgumentException($"'{path}' ends in '{Path.GetExtension(path)}'; .parquet or .csv was expected.", nameof(path)),
        };

    public abstract void Write(RecommendationRows rows);

    /// <summary>Writes what is pending and forces the file to the disk.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}

namespace DotRec.Serving;

/// <summary>A file of recommendations being written.</summary>
internal abstract class RecommendationWriter : IDisposable
{
    /// <summary>Makes a writer of columns of these names and element types into a stream, which stays open.</summary>
    public delegate RecommendationWriter Factory(Stream stream, IReadOnlyList<string> names, IReadOnlyList<Type> types);

    /// <summary>The format of a file, by the extension of its name.</summary>
    /// <exception cref="ArgumentException">The extension is neither .parquet nor .csv.</exception>
    public static Factory For(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".PARQUET" => (stream, names, types) => new ParquetRecommendationWriter(stream, names, types),
        ".CSV" => (stream, names, _) => new CsvRecommendationWriter(stream, names),
        _ => throw new ArgumentException($"'{path}' ends in '{Path.GetExtension(path)}'; .parquet or .csv was expected.", nameof(path)),
    };

    public abstract void Write(RecommendationRows rows);

    /// <summary>Writes what is pending.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}

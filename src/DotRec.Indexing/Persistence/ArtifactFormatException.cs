namespace DotRec.Indexing;

/// <summary>A file of DotRec is damaged, truncated, not what it claims to be, or written by a newer version. Nothing was read from it.</summary>
public sealed class ArtifactFormatException : FormatException
{
    /// <summary>Describes what is wrong with a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where in the file, in bytes; null when no one place is to blame.</param>
    /// <param name="problem">A sentence or two: what was found, what was expected, what to do.</param>
    public ArtifactFormatException(string path, long? offset, string problem)
        : base(offset is { } at ? $"{path}, offset {at}: {problem}" : $"{path}: {problem}")
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Where in the file, in bytes; null when no one place is to blame.</summary>
    public long? Offset { get; }
}

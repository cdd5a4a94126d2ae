namespace DotRec.Indexing;

/// <summary>Opens saved indexes.</summary>
public static class ItemIndex
{
    /// <summary>Opens an index of any kind that <see cref="IItemIndex.Save"/> wrote.</summary>
    /// <exception cref="ArtifactFormatException">The file is not an index, is damaged or truncated, or was written by a newer version.</exception>
    public static IItemIndex Open(string path) => throw new NotSupportedException($"{path}: reading indexes lands with persistence.");
}

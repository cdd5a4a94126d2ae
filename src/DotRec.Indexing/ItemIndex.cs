namespace DotRec.Indexing;

/// <summary>Opens saved indexes.</summary>
public static class ItemIndex
{
    /// <summary>
    /// Opens an index of any kind that <see cref="IItemIndex.Save"/> wrote. The file is mapped, not read: opening takes milliseconds whatever its
    /// size, and processes that open the same file share its memory. Dispose the index to let go of the file.
    /// </summary>
    /// <param name="path">The file. It may be replaced (renamed over) while it is open, but must not be written into.</param>
    /// <param name="verification">How much of the file is checked now.</param>
    /// <exception cref="ArtifactFormatException">The file is no index, is damaged or truncated, or was written by a newer version.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IItemIndex Open(string path, ArtifactVerification verification = ArtifactVerification.Automatic)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = ArtifactFile.Open(path, verification);
        try
        {
            return file.Kind switch
            {
                ArtifactKind.BruteForce => BruteForceFile.Read(file),
                ArtifactKind.Scann => ScannFile.Read(file),
                ArtifactKind.Sparse => SparseFile.Read(file),
                _ => throw new ArtifactFormatException(
                    path, 12, $"the file holds an index of kind {(int)file.Kind}, which this build does not know. Use a newer DotRec."),
            };
        }
        catch
        {
            file.Memory.Dispose();
            throw;
        }
    }
}

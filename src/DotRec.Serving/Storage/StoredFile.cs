using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The mapped files of a bundle: sections with a checksum each, in the format of the index's file. They are opened, not read.</summary>
internal static class StoredFile
{
    /// <summary>Opens a file of a kind. Its content was verified with the bundle, or is trusted not to crash: every length and boundary is checked where it is used.</summary>
    /// <exception cref="BundleException">The file is damaged, of another kind, or of a newer format.</exception>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="read">Opens its sections.</param>
    /// <param name="opened">Gets what is mapped, so that a bundle that cannot be opened as a whole leaves nothing mapped; null where it is one file only.</param>
    public static T Open<T>(string path, ArtifactKind kind, Func<ArtifactFile, T> read, ICollection<IDisposable>? opened)
    {
        ArtifactFile? file = null;
        try
        {
            file = ArtifactFile.Open(path, ArtifactVerification.Structure);
            var result = file.Kind == kind ? read(file) : throw new BundleException($"{path} is a file of kind {file.Kind}; {kind} was expected. The bundle was put together of others.");
            opened?.Add(file.Memory);
            return result;
        }
        catch (Exception exception)
        {
            file?.Memory.Dispose();
            if (exception is ArtifactFormatException)
            {
                throw new BundleException(exception.Message, exception);
            }

            throw;
        }
    }

    public static BundleException Damaged(ArtifactFile file, string what) => new($"{file.Memory.Source}: {what} The file is damaged.");
}

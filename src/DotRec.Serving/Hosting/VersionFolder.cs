using System.Globalization;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>One version of a model on the disk.</summary>
/// <param name="Name">Name of the folder.</param>
/// <param name="Path">The bundle's directory.</param>
/// <param name="Stamp">Length and time of its description: another stamp is another bundle.</param>
internal sealed record VersionFolder(string Name, string Path, (long Length, DateTime Written) Stamp)
{
    /// <summary>The versions that may be served, the one to prefer first. Folders without a bundle are none: a save that is not finished has another name.</summary>
    /// <param name="directory">A folder of versions, or a bundle.</param>
    /// <param name="wanted">Name of the only version; null for all, the greatest number first.</param>
    public static IReadOnlyList<VersionFolder> Find(string directory, string? wanted)
    {
        if ((wanted is null ? At(directory) : At(System.IO.Path.Combine(directory, wanted))) is { } single)
        {
            return [single];
        }

        return wanted is null && Directory.Exists(directory)
            ? [.. Directory.EnumerateDirectories(directory).Where(path => Number(path) is not null).OrderByDescending(Number).Select(At).OfType<VersionFolder>()]
            : [];
    }

    private static VersionFolder? At(string path)
    {
        // Of a link the file it leads to: that is what changes.
        var description = new FileInfo(LinkedPath.Resolve(System.IO.Path.Combine(path, BundleManifest.FileName)));
        return description.Exists
            ? new VersionFolder(System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path)), path, (description.Length, description.LastWriteTimeUtc))
            : null;
    }

    private static long? Number(string path) =>
        long.TryParse(System.IO.Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

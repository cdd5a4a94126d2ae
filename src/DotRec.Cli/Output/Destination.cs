using DotRec.Kernels;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>Checks before the work whether its result can be written: hours of training must not end at a wrong path.</summary>
internal static class Destination
{
    /// <exception cref="UserException">No bundle can be saved there.</exception>
    public static void RequireBundle(string directory)
    {
        var isForeign = Directory.Exists(directory)
            && !BundleDescription.IsIn(directory) && Directory.EnumerateFileSystemEntries(directory).Any();
        var problem = File.Exists(directory) ? $"{directory} is a file. Name a new folder."
            : isForeign ? $"{directory} holds something that is not a bundle. Name a new or empty folder."
            : ProblemOfParent(directory);
        if (problem is not null)
        {
            throw new UserException($"--output {problem}");
        }
    }

    /// <summary>Why no file can be written there; null when one can.</summary>
    public static string? ProblemOfFile(string path) =>
        path.Length == 0 ? "names no file."
        : Directory.Exists(path) ? $"{path} is a folder. Name a file."
        : ProblemOfParent(path);

    /// <summary>Why no folder can be made or written to there; null when one can.</summary>
    public static string? ProblemOfFolder(string path) =>
        path.Length == 0 ? "names no folder."
        : File.Exists(path) ? $"{path} is a file. Name a folder."
        : ProblemOfParent(Path.Combine(path, "file")) is { } problem ? problem.Replace(Path.Combine(path, "file"), path, StringComparison.Ordinal)
        : null;

    // Only trying tells: permissions, quotas, read-only and virtual file systems.
    private static string? ProblemOfParent(string path)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(path))!;
        while (!Directory.Exists(parent))
        {
            if (File.Exists(parent))
            {
                return $"{path} cannot be written: {parent} is a file.";
            }

            parent = Path.GetDirectoryName(parent)!;
        }

        try
        {
            using var probe = new FileStream(
                Path.Combine(parent, AbandonedFiles.NewName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be written: files cannot be made in {parent}.";
        }
    }
}

namespace DotRec.Kernels;

/// <summary>
/// Temporary files of writers that were killed. One is removed when all of this holds: its name is one that only <see cref="OutputFile"/> gives, it is a regular
/// file, it was not written to for a minute, and it can be locked, which nobody else can while its writer lives: the system ends the lock with the process.
/// On file systems that do not lock, nothing is removed.
/// </summary>
internal static class AbandonedFiles
{
    private const string Prefix = ".dotrec-";
    private const string Suffix = ".saving";

    // Between the making of a file and its lock there is a moment.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>A new name for a temporary file.</summary>
    public static string NewName() => $"{Prefix}{Guid.NewGuid():n}{Suffix}";

    /// <summary>Removes what is abandoned in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="own">A temporary file in it that this process has open: whether that is locked tells whether locks hold here.</param>
    public static void Sweep(string folder, string own)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}"))
            {
                if (path != own && IsOurs(path) && !TryLock(own) && TryLock(path))
                {
                    File.Delete(path);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Tidying must not keep anybody from writing.
        }
    }

    private static bool IsOurs(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null
            && PosixFiles.IsRegular(path) != false
            && Guid.TryParseExact(file.Name[Prefix.Length..^Suffix.Length], "n", out _)
            && TimeProvider.System.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > Settled;
    }

    private static bool TryLock(string path)
    {
        try
        {
            using var locked = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

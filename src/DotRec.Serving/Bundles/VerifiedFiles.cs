using System.Collections.Concurrent;
using System.Security.Cryptography;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>The hashes of files that this process has read already. A file is known by its path, length and times, so that it is read once however often it is loaded.</summary>
internal static class VerifiedFiles
{
    // A file written a moment ago may be written again without its time telling: clocks of file systems tick some hundred times a second.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Created, DateTime Written), string> Known = new();

    /// <summary>The SHA-256 of a file, in lower-case hexadecimal digits.</summary>
    public static string HashOf(string path)
    {
        var file = new FileInfo(path);
        var key = (file.FullName, file.Length, file.CreationTimeUtc, file.LastWriteTimeUtc);
        if (Known.TryGetValue(key, out var known))
        {
            return known;
        }

        string hash;
        using (var content = RegularFile.Open(path, FileOptions.SequentialScan))
        {
            hash = Convert.ToHexStringLower(SHA256.HashData(content));
        }

        if (TimeProvider.System.GetUtcNow().UtcDateTime - key.LastWriteTimeUtc > Settled)
        {
            Known[key] = hash;
        }

        return hash;
    }
}

using System.Security.Cryptography;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>
/// Writes a bundle so that a crash at any moment leaves the old bundle or the new one: every file goes to a hidden sibling directory and is
/// forced to the disk, then the directory takes its name in one rename. Over an existing bundle the two directories are exchanged in one
/// atomic step (Linux); where there is none, the old one is first renamed to <c>.previous</c>, under which loading still finds it.
/// </summary>
internal static class BundleWriter
{
    /// <param name="directory">The bundle's directory; its parent is created when absent.</param>
    /// <param name="manifest">The description; its file list is filled in here.</param>
    /// <param name="parts">File names and what writes them.</param>
    /// <param name="storage">The disk, or a test's version of it.</param>
    /// <exception cref="IOException">Another process is saving to the directory, it holds something that is no bundle, or the disk fails.</exception>
    public static void Write(string directory, BundleManifest manifest, IReadOnlyList<(string Name, Action<string> Write)> parts, BundleStorage storage)
    {
        var paths = new BundlePaths(directory);
        storage.CreateDirectory(paths.Parent);
        using var held = Lock(paths);
        Recover(paths, storage);
        RefuseForeign(paths);
        Sweep(paths, storage);
        try
        {
            Fill(paths.Saving, manifest, parts, storage);
            Publish(paths, storage);
        }
        catch
        {
            Discard(paths, storage);
            throw;
        }
    }

    /// <summary>A failed save leaves nothing behind where it can; what it cannot remove, the next save does.</summary>
    private static void Discard(BundlePaths paths, BundleStorage storage)
    {
        if (Directory.Exists(paths.Saving))
        {
            DeleteIfPossible(paths.Saving, storage);
        }
    }

    // The caller goes on with his own work, or with his own failure, which says more.
    private static void DeleteIfPossible(string directory, BundleStorage storage)
    {
        try
        {
            storage.Delete(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Finishes or undoes what a crashed save left. The lock is held, so nobody else is at work here.</summary>
    private static void Recover(BundlePaths paths, BundleStorage storage)
    {
        if (Directory.Exists(paths.Previous))
        {
            if (Directory.Exists(paths.Target))
            {
                storage.Delete(paths.Previous);
            }
            else
            {
                storage.Move(paths.Previous, paths.Target);
            }
        }

        if (Directory.Exists(paths.Saving))
        {
            storage.Delete(paths.Saving);
        }
    }

    /// <summary>
    /// Removes what killed saves to other names left in the same folder: a saving directory beside a lock of its name, which only this makes, when the lock can
    /// be taken: the system ends it with its process. Where locks do not hold, nothing is removed.
    /// </summary>
    private static void Sweep(BundlePaths paths, BundleStorage storage)
    {
        foreach (var saving in Directory.EnumerateDirectories(paths.Parent, $".*{BundlePaths.SavingSuffix}"))
        {
            var other = new BundlePaths(Path.Combine(paths.Parent, Path.GetFileName(saving)[1..^BundlePaths.SavingSuffix.Length]));
            if (saving != paths.Saving && other.Saving == saving && File.Exists(other.Lock) && TryLock(paths.Lock) is null && TryLock(other.Lock) is { } abandoned)
            {
                using (abandoned)
                {
                    DeleteIfPossible(saving, storage);
                }
            }
        }
    }

    private static void Fill(string saving, BundleManifest manifest, IReadOnlyList<(string Name, Action<string> Write)> parts, BundleStorage storage)
    {
        storage.CreateDirectory(saving);
        var files = new List<BundleFile>();
        foreach (var (name, write) in parts)
        {
            var path = Path.Combine(saving, name);
            storage.WriteFile(path, write);
            using var content = RegularFile.Open(path, FileOptions.SequentialScan);
            files.Add(new BundleFile(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
        }

        var json = BundleJson.Write(manifest with { Files = files });
        storage.WriteFile(Path.Combine(saving, BundleManifest.FileName), path => File.WriteAllBytes(path, json));
        storage.SyncDirectory(saving);
    }

    private static void Publish(BundlePaths paths, BundleStorage storage)
    {
        if (!Directory.Exists(paths.Target))
        {
            storage.Move(paths.Saving, paths.Target);
            storage.SyncDirectory(paths.Parent);
        }
        else if (storage.TryExchange(paths.Saving, paths.Target))
        {
            storage.SyncDirectory(paths.Parent);
            storage.Delete(paths.Saving);
        }
        else
        {
            storage.Move(paths.Target, paths.Previous);
            storage.Move(paths.Saving, paths.Target);
            storage.SyncDirectory(paths.Parent);
            storage.Delete(paths.Previous);
        }
    }

    private static FileStream Lock(BundlePaths paths) => TryLock(paths.Lock) ?? throw new IOException(
        $"Cannot save to {paths.Target}: {paths.Lock} is held by another save. Wait for it, or save to another directory.");

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void RefuseForeign(BundlePaths paths)
    {
        var isForeign = File.Exists(paths.Target)
            || (Directory.Exists(paths.Target) && !File.Exists(Path.Combine(paths.Target, BundleManifest.FileName)) && Directory.EnumerateFileSystemEntries(paths.Target).Any());
        if (isForeign)
        {
            throw new IOException($"Cannot save to {paths.Target}: it holds something that is not a bundle. Choose a new or empty directory.");
        }
    }
}

using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>The file-system steps of writing a bundle, each durable when it returns. Tests replace it to crash at every step.</summary>
internal class BundleStorage
{
    public static BundleStorage Disk { get; } = new();

    public virtual void CreateDirectory(string path) => Directory.CreateDirectory(path);

    /// <summary>Lets <paramref name="write"/> make a file, then forces it to the disk.</summary>
    public virtual void WriteFile(string path, Action<string> write)
    {
        write(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Forces the names inside a directory to the disk. Windows does so by itself.</summary>
    public virtual void SyncDirectory(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            PosixFiles.SyncDirectory(path);
        }
    }

    /// <summary>Swaps two directories in one atomic step. False, with nothing done, where the system or the file system has no such step.</summary>
    public virtual bool TryExchange(string one, string other) => OperatingSystem.IsLinux() && PosixFiles.TryExchange(one, other);

    public virtual void Move(string source, string target) => Directory.Move(source, target);

    public virtual void Delete(string path) => Directory.Delete(path, recursive: true);
}

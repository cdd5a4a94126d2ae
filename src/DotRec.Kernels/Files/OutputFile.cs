namespace DotRec.Kernels;

/// <summary>
/// A file being written, under a temporary name in the same folder until <see cref="Commit"/>: flushed to the disk, renamed, the folder flushed. A crash at any
/// point leaves the old file or the new one, and whoever has the old one open or mapped keeps it as it was.
/// </summary>
/// <remarks>
/// A symbolic link stays, what it leads to is replaced. The permissions of a file that is replaced are those of the new one. On Windows a file that is mapped
/// cannot be replaced: that is an error, and nothing has changed. What killed processes leave behind is removed by <see cref="AbandonedFiles"/>.
/// </remarks>
internal sealed class OutputFile : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _target;
    private readonly string _temporary;
    private bool _isCommitted;

    private OutputFile(string target, string temporary, FileStream stream) => (_target, _temporary, Stream) = (target, temporary, stream);

    /// <summary>What is written.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name.</param>
    /// <exception cref="IOException">The path is a folder, a pipe or a device, or no file can be made beside it.</exception>
    /// <exception cref="UnauthorizedAccessException">No file may be made beside it.</exception>
    public static OutputFile Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var target = LinkedPath.Resolve(path);
        if (Directory.Exists(target))
        {
            throw new IOException($"{path} is a folder; name a file to write.");
        }

        // Renaming over a device would put a file in its place.
        if (PosixFiles.IsRegular(target) == false || target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal))
        {
            throw new IOException($"{path} is a pipe or a device; name a file to write.");
        }

        var folder = Path.GetDirectoryName(target)!;
        var temporary = Path.Combine(folder, AbandonedFiles.NewName());
        var stream = Begin(path, folder, temporary);
        try
        {
            KeepPermissions(target, stream);
            AbandonedFiles.Sweep(folder, temporary);
            return new OutputFile(target, temporary, stream);
        }
        catch
        {
            stream.Dispose();
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a file in one go.</summary>
    /// <inheritdoc cref="Create"/>
    public static void Write(string path, Action<FileStream> write)
    {
        using var file = Create(path);
        write(file.Stream);
        file.Commit();
    }

    /// <inheritdoc cref="Write(string, Action{FileStream})"/>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Create(path);
        file.Stream.Write(bytes);
        file.Commit();
    }

    /// <summary>Gives the file its name. When this returns it is on the disk.</summary>
    /// <exception cref="IOException">The disk is full or fails; or, on Windows, the file that has the name is in use.</exception>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        if (OperatingSystem.IsWindows())
        {
            Stream.Dispose();
            Replace();
        }
        else
        {
            // Renamed while it is open: its lock says until then that somebody is at work on it.
            File.Move(_temporary, _target, overwrite: true);
            Stream.Dispose();
            PosixFiles.SyncDirectory(Path.GetDirectoryName(_target)!);
        }

        _isCommitted = true;
    }

    /// <summary>Ends the writing; without <see cref="Commit"/> nothing is left of it.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_isCommitted)
        {
            File.Delete(_temporary);
        }
    }

    private static FileStream Begin(string path, string folder, string temporary)
    {
        try
        {
            return new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, BufferBytes);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new DirectoryNotFoundException($"{path} cannot be written: there is no folder {folder}.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UnauthorizedAccessException($"{path} cannot be written: files may not be made in {folder}.", exception);
        }
    }

    private void Replace()
    {
        try
        {
            File.Move(_temporary, _target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && File.Exists(_target))
        {
            throw new IOException($"{_target} cannot be replaced: a program has it open, for example an index that was opened from it. Dispose of that first, or write to another name.", exception);
        }
    }

    private static void KeepPermissions(string target, FileStream stream)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            try
            {
                File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(target));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // File systems without permissions have none to keep.
            }
        }
    }
}

using System.Runtime.InteropServices;

namespace DotRec.Kernels;

/// <summary>
/// Opens files that others may have put there. A pipe, a device or a socket is refused, and at once: an ordinary opening of a pipe waits for a writer, without
/// end. Reading takes the bytes that the file has when it is opened and no more.
/// </summary>
internal static class RegularFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="NoRegularFileException">It is a folder, a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path, FileOptions options = FileOptions.None)
    {
        if (Directory.Exists(path))
        {
            throw new NoRegularFileException($"{path} is a folder; a file was expected.");
        }

        if (!PosixFiles.OpensWithoutWaiting)
        {
            return OpenOrdinarily(path, options);
        }

        var handle = PosixFiles.OpenWithoutWaiting(path);
        if (handle.IsInvalid)
        {
            var reason = Marshal.GetLastPInvokeErrorMessage();
            handle.Dispose();

            // What is missing or may not be read says so in .NET's own exceptions.
            return PosixFiles.IsRegular(path) == false ? throw Special(path) : File.Exists(path) ? OpenOrdinarily(path, options) : throw Missing(path, reason);
        }

        try
        {
            return PosixFiles.IsRegular(handle) == false ? throw Special(path) : Seekable(path, new FileStream(handle, FileAccess.Read, bufferSize: 0));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <exception cref="NoRegularFileException">It is longer, or no file.</exception>
    public static byte[] ReadAllBytes(string path, long most)
    {
        using var file = Open(path, FileOptions.SequentialScan);
        var length = file.Length;
        if (length > most)
        {
            throw new NoRegularFileException($"{path} has {length} bytes; at most {most} are read.");
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        file.ReadExactly(bytes);
        return bytes;
    }

    private static FileStream OpenOrdinarily(string path, FileOptions options) =>
        Seekable(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, options));

    private static FileStream Seekable(string path, FileStream file)
    {
        if (file.CanSeek)
        {
            return file;
        }

        file.Dispose();
        throw Special(path);
    }

    private static FileNotFoundException Missing(string path, string reason) => new($"{path} cannot be opened: {reason}.", path);

    private static NoRegularFileException Special(string path) => new($"{path} is a pipe, a device or a socket; a file was expected.");
}

using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DotRec.Serving;

/// <summary>The two file operations .NET does not offer: fsync of a directory and the atomic exchange of two names.</summary>
internal static partial class PosixFiles
{
    private const int CurrentDirectory = -100;   // AT_FDCWD
    private const uint ExchangeNames = 2;        // RENAME_EXCHANGE

    public static void SyncDirectory(string path)
    {
        var directory = Open(path, flags: 0);
        if (directory < 0)
        {
            throw new IOException($"Cannot open {path} to flush it: {new Win32Exception().Message}");
        }

        try
        {
            // Some network file systems refuse to sync a directory; the names are then as durable as that file system makes them.
            _ = Sync(directory);
        }
        finally
        {
            _ = Close(directory);
        }
    }

    public static bool TryExchange(string one, string other)
    {
        try
        {
            return Rename(CurrentDirectory, one, CurrentDirectory, other, ExchangeNames) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Rename(int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);
}

using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DotRec.Kernels;

/// <summary>The file operations that .NET does not offer: opening without waiting, telling what a file is, fsync of a directory, the exchange of two names.</summary>
internal static unsafe partial class PosixFiles
{
    private const int CurrentDirectory = -100;   // AT_FDCWD
    private const uint ExchangeNames = 2;        // RENAME_EXCHANGE
    private const int EmptyPath = 0x1000;        // AT_EMPTY_PATH
    private const uint WantsType = 1;            // STATX_TYPE

    // struct statx is the same on every processor: 256 bytes, the mode at byte 28.
    private const int StatusBytes = 256;
    private const int ModeOffset = 28;
    private const int TypeBits = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>True where files can be opened without waiting: on Linux and macOS.</summary>
    public static bool OpensWithoutWaiting => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Opens for reading. A pipe without a writer is opened at once, where an ordinary opening waits for one.</summary>
    /// <returns>An invalid handle where it cannot be opened.</returns>
    public static SafeFileHandle OpenWithoutWaiting(string path)
    {
        // O_RDONLY, O_NONBLOCK, O_CLOEXEC.
        var flags = OperatingSystem.IsMacOS() ? 0x4 | 0x1000000 : 0x800 | 0x80000;
        return new SafeFileHandle(Open(path, flags), ownsHandle: true);
    }

    /// <summary>Whether an open file is a regular one, no pipe, device or directory; null where the system does not tell.</summary>
    public static bool? IsRegular(SafeFileHandle file) => Type((int)file.DangerousGetHandle(), "", EmptyPath);

    /// <summary>Whether a path leads to a regular file; null where the system does not tell or there is nothing.</summary>
    public static bool? IsRegular(string path) => Type(CurrentDirectory, path, flags: 0);

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

    private static bool? Type(int directory, string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var status = stackalloc byte[StatusBytes];
        try
        {
            return Status(directory, path, flags, WantsType, status) == 0 ? (*(ushort*)(status + ModeOffset) & TypeBits) == RegularFile : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Status(int directory, string path, int flags, uint wanted, byte* status);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Rename(int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);
}

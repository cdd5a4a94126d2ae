using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DotRec.Conformance.Tests;

/// <summary>Whole pages of memory between two that cannot be touched: a stray load or store ends the process.</summary>
internal sealed unsafe partial class GuardedPages : IDisposable
{
    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private static readonly nint PageSize = Environment.SystemPageSize;

    private readonly nint _start;
    private readonly nint _length;

    /// <summary>Takes pages for so many bytes.</summary>
    public GuardedPages(nint bytes)
    {
        var inner = (bytes + PageSize - 1) / PageSize * PageSize;
        _length = inner + (2 * PageSize);
        _start = mmap(0, _length, NoAccess, PrivateAnonymous, -1, 0);
        if (_start == -1 || (inner > 0 && mprotect(_start + PageSize, inner, ReadWrite) != 0))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        First = (byte*)(_start + PageSize);
        End = First + inner;
    }

    /// <summary>The first byte behind a page that cannot be touched.</summary>
    public byte* First { get; }

    /// <summary>The first byte of the next page that cannot be touched.</summary>
    public byte* End { get; }

    public void Dispose() => _ = munmap(_start, _length);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint mmap(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int mprotect(nint address, nint length, int protection);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int munmap(nint address, nint length);
}

using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DotRec.Conformance.Tests;

/// <summary>Floats flush against memory that cannot be touched, before their first or behind their last: a stray load ends the process.</summary>
internal sealed unsafe partial class GuardedBuffer : IDisposable
{
    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private static readonly nint PageSize = Environment.SystemPageSize;

    private readonly nint _start;
    private readonly nint _length;
    private readonly float* _values;
    private readonly int _count;

    public GuardedBuffer(float[] values, bool guardEnd)
    {
        var inner = ((values.Length * sizeof(float)) + PageSize - 1) / PageSize * PageSize;
        _length = inner + (2 * PageSize);
        _start = mmap(0, _length, NoAccess, PrivateAnonymous, -1, 0);
        if (_start == -1 || (inner > 0 && mprotect(_start + PageSize, inner, ReadWrite) != 0))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        _count = values.Length;
        _values = (float*)(_start + PageSize) + (guardEnd ? (inner / sizeof(float)) - _count : 0);
        values.CopyTo(Values);
    }

    public Span<float> Values => new(_values, _count);

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

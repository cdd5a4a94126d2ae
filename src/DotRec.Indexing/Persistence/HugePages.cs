using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>
/// Asks the system for pages of 2 MiB, which Linux gives only to those who ask. Rows and codes are read all over an index; in small pages nearly
/// every candidate costs a walk through the page tables (docs/decisions/0018-pages-of-two-megabytes.md).
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of such a page, and where memory has to begin.</summary>
    public const int Alignment = 1 << 21;

    /// <summary>Less memory stays in small pages.</summary>
    public const long MinBytes = 2 * Alignment;

    // MADV_HUGEPAGE.
    private const int HugePage = 14;

    /// <summary>Asks. Where there are no such pages, or none is free, the memory stays as it is.</summary>
    public static void Ask(void* start, long byteLength)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Advise(start, (nuint)byteLength, HugePage);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint byteLength, int advice);
}

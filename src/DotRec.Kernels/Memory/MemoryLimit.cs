namespace DotRec.Kernels;

/// <summary>How much memory there is: what a file claims beyond that cannot be read, and is refused before it is tried.</summary>
internal static class MemoryLimit
{
    /// <summary>Bytes of the machine, or of the container or the limit of the heap where there is one.</summary>
    public static long Bytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}

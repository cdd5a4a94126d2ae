namespace DotRec.Indexing;

/// <summary>Lays the sections of an index out in one block of memory, so that one hold keeps all of them.</summary>
/// <param name="byteLength">Sum of <see cref="Bytes{T}"/> over the sections.</param>
internal sealed class SectionAllocator(long byteLength)
{
    private long _next;

    public IndexMemory Memory { get; } = AllocatedMemory.New<byte>(byteLength).Memory;

    /// <summary>What a section of <paramref name="length"/> values takes.</summary>
    public static unsafe long Bytes<T>(long length)
        where T : unmanaged
        => checked((length * sizeof(T)) + IndexMemory.Alignment - 1) & -IndexMemory.Alignment;

    /// <summary>The next section: zeros, on a cache line.</summary>
    public Section<T> Take<T>(long length)
        where T : unmanaged
    {
        var section = Memory.Section<T>(_next, length);
        _next += Bytes<T>(length);
        return section;
    }
}

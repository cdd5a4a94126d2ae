using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>Aligned, zeroed memory outside the garbage-collected heap: no limit of 2^31 elements, no moving, no copying by the collector.</summary>
internal sealed class AllocatedMemory : IndexMemory
{
    // The collector is told of memory that it should hurry to give back; telling it of every small block costs more than the block.
    private const int NotableBytes = 1 << 20;

    private unsafe AllocatedMemory(long byteLength)
    {
        ByteLength = byteLength;
        var isLarge = byteLength >= HugePages.MinBytes;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(byteLength, 1), (nuint)(isLarge ? HugePages.Alignment : Alignment)));
        if (isLarge)
        {
            HugePages.Ask((void*)handle, byteLength);
        }

        NativeMemory.Clear((void*)handle, (nuint)byteLength);
        if (byteLength >= NotableBytes)
        {
            GC.AddMemoryPressure(byteLength);
        }
    }

    public override string Source => "memory";

    public override long ByteLength { get; }

    /// <summary>New memory of <paramref name="length"/> zeros.</summary>
    public static unsafe Section<T> New<T>(long length)
        where T : unmanaged
        => new AllocatedMemory(checked(length * sizeof(T))).Section<T>(0, length);

    protected override unsafe bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        if (ByteLength >= NotableBytes)
        {
            GC.RemoveMemoryPressure(ByteLength);
        }

        return true;
    }
}

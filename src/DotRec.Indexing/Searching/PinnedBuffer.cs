using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>A buffer on a cache line that grows and stays where it is between growths: scratch of a search, read by kernels.</summary>
internal unsafe struct PinnedBuffer<T>
    where T : unmanaged
{
    private T[]? _array;

    /// <summary>First value; valid until the next growth.</summary>
    public T* Pointer { get; private set; }

    /// <summary>Values there is room for.</summary>
    public int Length { get; private set; }

    /// <summary>Makes room; what was in the buffer is lost when it grows, and what is in it then is anything.</summary>
    public void Reserve(int length)
    {
        if (length <= Length)
        {
            return;
        }

        _array = GC.AllocateUninitializedArray<T>(checked(length + (IndexMemory.Alignment / sizeof(T)) + 1), pinned: true);
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        Pointer = (T*)((address + IndexMemory.Alignment - 1) & -IndexMemory.Alignment);
        Length = length;
    }

    /// <summary>Makes room and keeps the first values.</summary>
    public void Grow(int length, int kept)
    {
        var before = this;
        Reserve(length);
        before.Span(kept).CopyTo(Span(kept));
    }

    public readonly Span<T> Span(int length) => new(Pointer, length);
}

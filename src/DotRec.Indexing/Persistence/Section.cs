using System.Diagnostics.CodeAnalysis;

namespace DotRec.Indexing;

/// <summary>
/// A run of values inside an <see cref="IndexMemory"/>; more than 2^31 of them are allowed. Every access is checked against the length;
/// the caller holds the memory (<see cref="IndexMemory.Hold"/>) while it reads.
/// </summary>
internal readonly unsafe struct Section<T>
    where T : unmanaged
{
    private readonly T* _start;

    public Section(IndexMemory memory, T* start, long length)
    {
        Memory = memory;
        _start = start;
        Length = length;
    }

    public IndexMemory Memory { get; }

    public long Length { get; }

    public long ByteLength => Length * sizeof(T);

    public ref T this[long index]
    {
        get
        {
            if ((ulong)index >= (ulong)Length)
            {
                ThrowOutside(index, 1);
            }

            return ref _start[index];
        }
    }

    /// <summary>The values first … first + count − 1.</summary>
    public Span<T> Span(long first, int count)
    {
        if (first < 0 || count < 0 || first > Length - count)
        {
            ThrowOutside(first, count);
        }

        return new Span<T>(_start + first, count);
    }

    /// <summary>Address of the values first … first + count − 1, for kernels.</summary>
    public T* Pointer(long first, long count)
    {
        if (first < 0 || count < 0 || first > Length - count)
        {
            ThrowOutside(first, count);
        }

        return _start + first;
    }

    /// <summary>The same memory as bytes.</summary>
    public Section<byte> AsBytes() => new(Memory, (byte*)_start, ByteLength);

    [DoesNotReturn]
    private void ThrowOutside(long first, long count)
    {
        // In memory that is a fault of ours; in a file, one of the numbers in it.
        var what = $"values {first} to {first + count - 1} were asked of a section of {Length}";
        throw Memory is MappedMemory ? new ArtifactFormatException(Memory.Source, null, $"{what}. The file is damaged.") : new InvalidOperationException($"In {Memory.Source}, {what}.");
    }
}

using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>
/// A block of memory that an index reads: allocated, or a mapped file. It is given back when it is disposed (or collected) and the last
/// <see cref="MemoryHold"/> on it has ended, so a disposed index never takes memory away from a search in flight.
/// </summary>
internal abstract class IndexMemory() : SafeHandle(0, ownsHandle: true)
{
    /// <summary>Alignment of every section, in memory as in files: one cache line, one AVX-512 vector.</summary>
    public const int Alignment = 64;

    /// <summary>Name for error messages: the file's path, or "memory".</summary>
    public abstract string Source { get; }

    /// <summary>Size in bytes.</summary>
    public abstract long ByteLength { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>Keeps the memory alive until the result is disposed.</summary>
    /// <param name="owner">Name of what was disposed, where it was, for the message.</param>
    /// <exception cref="ObjectDisposedException">The owner was disposed.</exception>
    public MemoryHold Hold(string owner = "The index") => new(this, owner);

    /// <summary>The part of the memory that starts at a byte offset, as values.</summary>
    public unsafe Section<T> Section<T>(long offset, long length)
        where T : unmanaged
    {
        if (offset < 0 || length < 0 || offset % Alignment != 0 || length > (ByteLength - offset) / sizeof(T))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} values at offset {offset} do not fit {ByteLength} bytes.");
        }

        return new Section<T>(this, (T*)(handle + (nint)offset), length);
    }
}

/// <summary>Keeps an <see cref="IndexMemory"/> alive for the length of a using block.</summary>
internal readonly ref struct MemoryHold
{
    // Null in the default value, which holds nothing.
    private readonly IndexMemory? _memory;

    public MemoryHold(IndexMemory memory, string owner)
    {
        var held = false;
        try
        {
            memory.DangerousAddRef(ref held);
        }
        catch (ObjectDisposedException)
        {
            throw new ObjectDisposedException(owner, $"{owner} was disposed; it cannot be used any more.");
        }

        _memory = memory;
    }

    public void Dispose() => _memory?.DangerousRelease();
}

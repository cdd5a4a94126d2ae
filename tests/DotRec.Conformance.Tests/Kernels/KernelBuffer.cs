using System.Runtime.InteropServices;

namespace DotRec.Conformance.Tests;

/// <summary>Memory for one operand of a kernel, exactly as long as its contract says.</summary>
internal sealed unsafe class KernelBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int CacheLine = 64;
    private const byte Mark = 0xA5;

    private readonly GuardedPages? _pages;
    private readonly byte* _marked;

    public KernelBuffer(int length, Placement placement)
    {
        Length = length;
        if (placement == Placement.CacheLine)
        {
            _marked = (byte*)NativeMemory.AlignedAlloc((nuint)(Bytes + (2 * CacheLine)), CacheLine);
            Before.Fill(Mark);
            Behind.Fill(Mark);
            Pointer = (T*)(_marked + CacheLine);
        }
        else
        {
            _pages = new GuardedPages(Bytes);
            Pointer = (T*)(placement == Placement.BehindGuard ? _pages.First : _pages.End - Bytes);
        }

        Values.Clear();
    }

    public KernelBuffer(ReadOnlySpan<T> values, Placement placement)
        : this(values.Length, placement) => values.CopyTo(Values);

    public int Length { get; }

    public T* Pointer { get; }

    public Span<T> Values => new(Pointer, Length);

    private int Bytes => Length * sizeof(T);

    private Span<byte> Before => new(_marked, CacheLine);

    private Span<byte> Behind => new(_marked + CacheLine + Bytes, CacheLine);

    /// <summary>Frees the memory, after a look at the marks around it.</summary>
    public void Dispose()
    {
        _pages?.Dispose();
        if (_marked != null)
        {
            var isWhole = !Before.ContainsAnyExcept(Mark) && !Behind.ContainsAnyExcept(Mark);
            NativeMemory.AlignedFree(_marked);
            Assert.True(isWhole, "A kernel has written beside its buffer.");
        }
    }
}

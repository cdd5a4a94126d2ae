using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DotRec.Kernels;

/// <summary>A borrowed buffer aligned to 64 bytes, given back on disposal.</summary>
internal readonly unsafe ref struct Scratch : IDisposable
{
    private const int Alignment = 64;
    private readonly float[] _array;

    public Scratch(long length)
    {
        _array = ScratchPool.Rent(length + (Alignment / sizeof(float)));
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        Pointer = (float*)((address + (Alignment - 1)) & ~(nuint)(Alignment - 1));
    }

    /// <summary>The first value; the array behind it is pinned until disposal.</summary>
    public float* Pointer { get; }

    public void Dispose() => ScratchPool.Return(_array);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DotRec.Autodiff;

/// <summary>
/// Memory of one or more tensors (views share it), aligned to a cache line. A generation count tells a tensor that its memory was given
/// back; a version count tells the backward pass that values it relies on were written over.
/// </summary>
internal sealed class TensorBuffer
{
    private const int Alignment = 64;
    private readonly float[] _array;
    private readonly int _start;

    public TensorBuffer(int capacity)
    {
        // Pinned, so that the aligned start stays aligned.
        _array = GC.AllocateUninitializedArray<float>(capacity + (Alignment / sizeof(float)), pinned: true);
        _start = AlignedStart(_array);
        Capacity = capacity;
    }

    public int Capacity { get; }

    /// <summary>Grows each time the buffer goes back to the pool.</summary>
    public int Generation { get; set; }

    /// <summary>Grows each time values are written after the buffer's tensor was made.</summary>
    public int Version { get; set; }

    /// <summary>The scope that gives the buffer back; null if the garbage collector does.</summary>
    public ScopeFrame? Owner { get; set; }

    public Span<float> Span(int length) => _array.AsSpan(_start, length);

    private static unsafe int AlignedStart(float[] array)
    {
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return (int)((Alignment - (address % Alignment)) % Alignment / sizeof(float));
    }
}

using System.Buffers;

namespace DotRec.Indexing;

/// <summary>Someone else's array, kept in its place.</summary>
internal sealed class PinnedMemory : IndexMemory
{
    private MemoryHandle _pin;

    public unsafe PinnedMemory(ReadOnlyMemory<float> values)
    {
        _pin = values.Pin();
        ByteLength = (long)values.Length * sizeof(float);
        SetHandle((nint)_pin.Pointer);
    }

    public override string Source => "memory";

    public override long ByteLength { get; }

    protected override bool ReleaseHandle()
    {
        _pin.Dispose();
        return true;
    }
}

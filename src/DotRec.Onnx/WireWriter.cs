using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace DotRec.Onnx;

/// <summary>Writes protobuf wire format: varints, fixed 32-bit values and length-delimited fields. Write-only, no schema.</summary>
internal sealed class WireWriter
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public WireWriter Integer(int field, long value)
    {
        Tag(field, Varint);
        Raw((ulong)value);
        return this;
    }

    /// <summary>Repeated integers, one field each: unpacked form, which every parser accepts.</summary>
    public WireWriter Integers(int field, ReadOnlySpan<long> values)
    {
        foreach (var value in values)
        {
            Integer(field, value);
        }

        return this;
    }

    public WireWriter Float(int field, float value)
    {
        Tag(field, Fixed32);
        MemoryMarshal.Write(_buffer.GetSpan(sizeof(float)), value);
        _buffer.Advance(sizeof(float));
        return this;
    }

    public WireWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthDelimited);
        Raw((ulong)value.Length);
        _buffer.Write(value);
        return this;
    }

    public WireWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public WireWriter Message(int field, WireWriter message) => Bytes(field, message.Written);

    private void Tag(int field, int wireType) => Raw((ulong)((field << 3) | wireType));

    private void Raw(ulong value)
    {
        var span = _buffer.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }
}

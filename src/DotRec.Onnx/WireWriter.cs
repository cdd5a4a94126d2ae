using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DotRec.Onnx;

/// <summary>
/// Writes protobuf wire format: varints, fixed 32-bit values and length-delimited fields. Write-only, no schema. Large fields are kept by
/// reference and copied once, at the end, so that a model's weights are not held several times.
/// </summary>
internal sealed class WireWriter
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    /// <summary>Fields up to this size are copied into the message around them.</summary>
    private const int LargestCopied = 4096;

    // A lone surrogate has no UTF-8 form; replacing it could make two keys of a vocabulary equal.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<ReadOnlyMemory<byte>> _closed = [];
    private ArrayBufferWriter<byte> _open = new();
    private long _closedLength;

    /// <summary>Bytes written.</summary>
    public long Length => _closedLength + _open.WrittenCount;

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
        BinaryPrimitives.WriteSingleLittleEndian(_open.GetSpan(sizeof(float)), value);
        _open.Advance(sizeof(float));
        return this;
    }

    /// <summary>Bytes, kept by reference when there are many.</summary>
    public WireWriter Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Tag(field, LengthDelimited);
        Raw((ulong)value.Length);
        Append(value);
        return this;
    }

    /// <exception cref="ArgumentException">The text is no valid UTF-16: it holds half of a surrogate pair.</exception>
    public WireWriter Text(int field, string value)
    {
        Tag(field, LengthDelimited);
        Raw((ulong)StrictUtf8.GetByteCount(value));
        StrictUtf8.GetBytes(value, _open);
        return this;
    }

    public WireWriter Message(int field, WireWriter message)
    {
        Tag(field, LengthDelimited);
        Raw((ulong)message.Length);
        foreach (var part in message._closed)
        {
            Append(part);
        }

        Append(message._open.WrittenMemory);
        return this;
    }

    /// <summary>A field as it stands in another message.</summary>
    public WireWriter Raw(ReadOnlyMemory<byte> field)
    {
        Append(field);
        return this;
    }

    /// <summary>Everything written, in one piece.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        var position = 0;
        foreach (var part in _closed)
        {
            part.Span.CopyTo(bytes.AsSpan(position));
            position += part.Length;
        }

        _open.WrittenSpan.CopyTo(bytes.AsSpan(position));
        return bytes;
    }

    private void Append(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length <= LargestCopied)
        {
            _open.Write(bytes.Span);
            return;
        }

        _closed.Add(_open.WrittenMemory);
        _closed.Add(bytes);
        _closedLength += _open.WrittenCount + bytes.Length;
        _open = new ArrayBufferWriter<byte>();
    }

    private void Tag(int field, int wireType) => Raw((ulong)((field << 3) | wireType));

    private void Raw(ulong value)
    {
        var span = _open.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _open.Advance(length);
    }
}

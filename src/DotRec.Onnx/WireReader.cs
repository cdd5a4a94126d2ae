namespace DotRec.Onnx;

/// <summary>Goes over the fields of a protobuf message, one level deep.</summary>
internal static class WireReader
{
    /// <summary>A field as it stands in the message.</summary>
    /// <param name="Number">Field number.</param>
    /// <param name="Whole">Tag, length and content.</param>
    /// <param name="Content">The content of a length-delimited field; empty for numbers.</param>
    public readonly record struct Field(int Number, ReadOnlyMemory<byte> Whole, ReadOnlyMemory<byte> Content);

    /// <exception cref="InvalidDataException">The bytes are no protobuf message.</exception>
    public static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        for (var position = 0; position < message.Length;)
        {
            var start = position;
            var tag = Varint(message.Span, ref position);
            var contentStart = position;
            var length = (int)(tag & 7) switch
            {
                0 => Skip(message.Span, ref position),
                1 => 8,
                2 => Length(message.Span, ref position, out contentStart),
                5 => 4,
                var other => throw new InvalidDataException($"The bytes at {start} are no protobuf field: wire type {other}."),
            };
            if (length > message.Length - position)
            {
                throw new InvalidDataException($"The protobuf field at {start} claims {length} bytes; {message.Length - position} are left.");
            }

            position += (int)length;
            yield return new Field((int)(tag >> 3), message[start..position], (tag & 7) == 2 ? message[contentStart..position] : default);
        }
    }

    private static long Length(ReadOnlySpan<byte> bytes, ref int position, out int contentStart)
    {
        var length = Varint(bytes, ref position);
        contentStart = position;
        return length <= int.MaxValue ? (long)length : long.MaxValue;
    }

    private static long Skip(ReadOnlySpan<byte> bytes, ref int position)
    {
        Varint(bytes, ref position);
        return 0;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int position)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position >= bytes.Length)
            {
                break;
            }

            var next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"The bytes end in, or hold, a number that has no end, at {position}.");
    }
}

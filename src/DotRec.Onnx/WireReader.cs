namespace DotRec.Onnx;

/// <summary>
/// Goes over the fields of a protobuf message, one level deep. Stricter than the format: what parsers might read in two ways (tags of more than 32 bits,
/// field number 0, groups) is refused.
/// </summary>
internal static class WireReader
{
    /// <summary>Wire type of integers.</summary>
    public const int Varint = 0;

    /// <summary>Wire type of texts, bytes and messages.</summary>
    public const int LengthDelimited = 2;

    /// <summary>A field as it stands in the message.</summary>
    /// <param name="Number">Field number.</param>
    /// <param name="WireType">How it is written.</param>
    /// <param name="Integer">The value of a varint; 0 for others.</param>
    /// <param name="Whole">Tag, length and content.</param>
    /// <param name="Content">The content of a length-delimited field; empty for numbers.</param>
    public readonly record struct Field(int Number, int WireType, ulong Integer, ReadOnlyMemory<byte> Whole, ReadOnlyMemory<byte> Content);

    /// <exception cref="InvalidDataException">The bytes are no protobuf message.</exception>
    public static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        for (var position = 0; position < message.Length;)
        {
            var start = position;
            var tag = NextVarint(message.Span, ref position);
            var (number, wireType) = (tag >> 3, (int)(tag & 7));
            if (tag > uint.MaxValue || number == 0)
            {
                throw new InvalidDataException($"The bytes at {start} are no protobuf field: they give it the number {number}.");
            }

            var (contentStart, integer) = (position, 0UL);
            long length = 0;
            switch (wireType)
            {
                case Varint:
                    integer = NextVarint(message.Span, ref position);
                    break;
                case 1:
                    length = sizeof(ulong);
                    break;
                case LengthDelimited:
                    length = (long)Math.Min(NextVarint(message.Span, ref position), long.MaxValue);
                    contentStart = position;
                    break;
                case 5:
                    length = sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException($"The bytes at {start} are no protobuf field: wire type {wireType}.");
            }

            if (length > message.Length - position)
            {
                throw new InvalidDataException($"The protobuf field at {start} claims {length} bytes; {message.Length - position} are left.");
            }

            position += (int)length;
            yield return new Field((int)number, wireType, integer, message[start..position], wireType == LengthDelimited ? message[contentStart..position] : default);
        }
    }

    /// <summary>The integers of a repeated field: one where it is written alone, several where they are packed.</summary>
    /// <exception cref="InvalidDataException">Packed bytes end inside a number.</exception>
    public static IEnumerable<ulong> Integers(Field field)
    {
        if (field.WireType == Varint)
        {
            yield return field.Integer;
        }

        for (var position = 0; position < field.Content.Length;)
        {
            yield return NextVarint(field.Content.Span, ref position);
        }
    }

    private static ulong NextVarint(ReadOnlySpan<byte> bytes, ref int position)
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

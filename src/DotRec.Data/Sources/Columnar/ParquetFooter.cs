using System.Buffers.Binary;

namespace DotRec.Data;

/// <summary>
/// Checks that the footer of a Parquet file is a whole structure of Thrift's compact protocol. The decoder does not bound its reading: a single damaged
/// byte in the footer can make it loop for ever, so a damaged footer must not reach it.
/// </summary>
internal ref struct ParquetFooter
{
    private const int DeepestNesting = 32;
    private const int TailLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _next;

    private ParquetFooter(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <exception cref="InvalidDataException">The file does not begin and end as a Parquet file, or its footer is damaged.</exception>
    public static void Check(Stream file)
    {
        Span<byte> tail = stackalloc byte[TailLength];
        if (file.Length < 4 + TailLength)
        {
            throw new InvalidDataException($"it has {file.Length} bytes only");
        }

        file.Seek(-TailLength, SeekOrigin.End);
        file.ReadExactly(tail);
        if (!tail[4..].SequenceEqual("PAR1"u8))
        {
            throw new InvalidDataException("it does not end in PAR1");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length <= 0 || length > file.Length - 4 - TailLength)
        {
            throw new InvalidDataException($"its footer of {length} bytes does not fit into {file.Length} bytes");
        }

        var bytes = new byte[length];
        file.Seek(-TailLength - length, SeekOrigin.End);
        file.ReadExactly(bytes);
        file.Position = 0;
        var footer = new ParquetFooter(bytes);
        footer.Structure(depth: 0);
        if (footer._next != length)
        {
            throw Damaged();
        }
    }

    private void Structure(int depth)
    {
        if (depth > DeepestNesting)
        {
            throw Damaged();
        }

        for (var header = Byte(); header != 0; header = Byte())
        {
            // High half: step of the field's number, 0 when the number itself follows.
            if (header >> 4 == 0)
            {
                Variable();
            }

            Value(header & 15, isElement: false, depth);
        }
    }

    private void Value(int type, bool isElement, int depth)
    {
        switch (type)
        {
            // A boolean field is told by its type; in a list it is a byte.
            case 1 or 2:
                Skip(isElement ? 1u : 0u);
                break;
            case 3:
                Skip(1);
                break;
            case 4 or 5 or 6:
                Variable();
                break;
            case 7:
                Skip(8);
                break;
            case 8:
                Skip(Variable());
                break;
            case 9 or 10:
                var header = Byte();
                Elements(header >> 4 == 15 ? Variable() : (ulong)(header >> 4), depth, header & 15);
                break;
            case 11:
                if (Variable() is > 0 and var count)
                {
                    var types = Byte();
                    Elements(count, depth, types >> 4, types & 15);
                }

                break;
            case 12:
                Structure(depth + 1);
                break;
            case 13:
                Skip(16);
                break;
            default:
                throw Damaged();
        }
    }

    private void Elements(ulong count, int depth, params ReadOnlySpan<int> types)
    {
        // Every element takes a byte or more: a count beyond the bytes left is wrong, and the loop is bounded.
        for (var element = 0ul; element < count; element++)
        {
            foreach (var type in types)
            {
                Value(type, isElement: true, depth + 1);
            }
        }
    }

    private int Byte() => _next < _bytes.Length ? _bytes[_next++] : throw Damaged();

    private ulong Variable()
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }

        throw Damaged();
    }

    private void Skip(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _next))
        {
            throw Damaged();
        }

        _next += (int)count;
    }

    private static InvalidDataException Damaged() => new("its footer is damaged");
}

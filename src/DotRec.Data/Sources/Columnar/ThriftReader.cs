using System.Text;

namespace DotRec.Data;

/// <summary>
/// Reads structures of Thrift's compact protocol, in which Parquet writes its footer and its page headers. Every read is checked against the bytes that are
/// there, every step takes at least a byte and nesting is bounded: damaged bytes end in an error, never in a loop or a large allocation.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int DeepestNesting = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _depth;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Type of the field that <see cref="TryField"/> went to.</summary>
    public ThriftType Type { get; private set; }

    /// <summary>Begins a structure; gives the number to pass to <see cref="TryField"/> first.</summary>
    /// <exception cref="InvalidDataException">Structures are nested too deeply.</exception>
    public int Begin() => ++_depth <= DeepestNesting ? 0 : throw Damaged();

    /// <summary>Goes to the next field of a structure; false at its end. The field must then be read or skipped.</summary>
    /// <param name="field">Number of the field before, 0 at first; set to that of this one.</param>
    public bool TryField(ref int field)
    {
        var header = Byte();
        if (header == 0)
        {
            _depth--;
            return false;
        }

        // High half: step of the field's number, 0 when the number itself follows.
        field = header >> 4 == 0 ? (int)Zigzag() : field + (header >> 4);
        Type = (ThriftType)(header & 15);
        return true;
    }

    public long Integer() => Type is ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64 ? Zigzag() : Type == ThriftType.Int8 ? (sbyte)Byte() : throw Damaged();

    public int Int32() => Integer() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Damaged();

    public bool Boolean() => Type switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw Damaged(),
    };

    public string Text() => Type == ThriftType.Binary ? Encoding.UTF8.GetString(Take(Unsigned())) : throw Damaged();

    /// <summary>Begins a list of structures and gives their number, no more than there are bytes for.</summary>
    public int StructureList() => List() is var (count, type) && (count == 0 || type == ThriftType.Structure) ? count : throw Damaged();

    /// <summary>Begins a list of texts.</summary>
    public string[] TextList()
    {
        var (count, type) = List();
        Type = count == 0 || type == ThriftType.Binary ? ThriftType.Binary : throw Damaged();
        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            texts[i] = Text();
        }

        return texts;
    }

    public readonly void RequireStructure()
    {
        if (Type != ThriftType.Structure)
        {
            throw Damaged();
        }
    }

    /// <summary>Passes over the field.</summary>
    public void Skip() => Skip(Type, isElement: false);

    private void Skip(ThriftType type, bool isElement)
    {
        switch (type)
        {
            // A boolean field is told by its type; in a list it is a byte.
            case ThriftType.True or ThriftType.False:
                Take(isElement ? 1u : 0u);
                break;
            case ThriftType.Int8:
                Take(1);
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                Unsigned();
                break;
            case ThriftType.Double:
                Take(8);
                break;
            case ThriftType.Binary:
                Take(Unsigned());
                break;
            case ThriftType.List or ThriftType.Set:
                Type = type;
                var (count, element) = List();
                SkipElements(count, element);
                break;
            case ThriftType.Map:
                if (Count(Unsigned()) is > 0 and var pairs)
                {
                    var types = Byte();
                    SkipElements(pairs, (ThriftType)(types >> 4), (ThriftType)(types & 15));
                }

                break;
            case ThriftType.Structure:
                var field = Begin();
                while (TryField(ref field))
                {
                    Skip();
                }

                break;
            default:
                throw Damaged();
        }
    }

    private void SkipElements(int count, params ReadOnlySpan<ThriftType> types)
    {
        _ = Begin();
        for (var element = 0; element < count; element++)
        {
            foreach (var type in types)
            {
                Skip(type, isElement: true);
            }
        }

        _depth--;
    }

    private (int Count, ThriftType Type) List()
    {
        if (Type is not (ThriftType.List or ThriftType.Set))
        {
            throw Damaged();
        }

        var header = Byte();
        return (Count(header >> 4 == 15 ? Unsigned() : (ulong)(header >> 4)), (ThriftType)(header & 15));
    }

    // Every element takes a byte or more: a count beyond the bytes left is wrong, and loops are bounded.
    private readonly int Count(ulong count) => count <= (ulong)(_bytes.Length - Position) ? (int)count : throw Damaged();

    private int Byte() => Position < _bytes.Length ? _bytes[Position++] : throw Damaged();

    private long Zigzag() => Unsigned() is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;

    private ulong Unsigned()
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

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - Position))
        {
            throw Damaged();
        }

        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    private static InvalidDataException Damaged() => new("a header or the footer is damaged");
}

/// <summary>Type codes of Thrift's compact protocol.</summary>
internal enum ThriftType
{
    Stop,
    True,
    False,
    Int8,
    Int16,
    Int32,
    Int64,
    Double,
    Binary,
    List,
    Set,
    Map,
    Structure,
}

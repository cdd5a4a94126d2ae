using System.Text;

namespace DotRec.Data.Tests;

/// <summary>Writes Thrift's compact protocol, for files that no library here writes.</summary>
internal sealed class ThriftWriter
{
    private readonly List<byte> _bytes = [];
    private int _field;

    public static byte[] Structure(Action<ThriftWriter> fields)
    {
        var writer = new ThriftWriter();
        writer.Body(fields);
        return [.. writer._bytes];
    }

    public ThriftWriter Integer(int field, long value)
    {
        Header(field, 6);
        Zigzag(value);
        return this;
    }

    public ThriftWriter Int32(int field, int value)
    {
        Header(field, 5);
        Zigzag(value);
        return this;
    }

    public ThriftWriter Flag(int field, bool value)
    {
        Header(field, value ? 1 : 2);
        return this;
    }

    public ThriftWriter Text(int field, string value)
    {
        Header(field, 8);
        Binary(value);
        return this;
    }

    public ThriftWriter Structure(int field, Action<ThriftWriter> fields)
    {
        Header(field, 12);
        Body(fields);
        return this;
    }

    public ThriftWriter Structures(int field, params IReadOnlyList<Action<ThriftWriter>> elements)
    {
        Header(field, 9);
        ListHeader(elements.Count, 12);
        foreach (var element in elements)
        {
            Body(element);
        }

        return this;
    }

    public ThriftWriter Texts(int field, params IReadOnlyList<string> values)
    {
        Header(field, 9);
        ListHeader(values.Count, 8);
        foreach (var value in values)
        {
            Binary(value);
        }

        return this;
    }

    private void Body(Action<ThriftWriter> fields)
    {
        var outer = _field;
        _field = 0;
        fields(this);
        _bytes.Add(0);
        _field = outer;
    }

    private void Header(int field, int type)
    {
        _bytes.Add((byte)(((field - _field) << 4) | type));
        _field = field;
    }

    private void ListHeader(int count, int type)
    {
        _bytes.Add((byte)((Math.Min(count, 15) << 4) | type));
        if (count >= 15)
        {
            Unsigned((ulong)count);
        }
    }

    private void Binary(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Unsigned((ulong)bytes.Length);
        _bytes.AddRange(bytes);
    }

    private void Zigzag(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    private void Unsigned(ulong value)
    {
        for (; value > 127; value >>= 7)
        {
            _bytes.Add((byte)(value | 128));
        }

        _bytes.Add((byte)value);
    }
}

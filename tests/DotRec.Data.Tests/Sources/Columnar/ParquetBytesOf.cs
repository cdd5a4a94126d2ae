using System.Buffers.Binary;

namespace DotRec.Data.Tests;

/// <summary>Makes a Parquet file of one column out of the bytes of its pages: what writers do that no library here writes like.</summary>
internal static class ParquetBytesOf
{
    public const int Plain = 0;
    public const int Runs = 3;
    public const int Required = 0;
    public const int Optional = 1;
    public const int Repeated = 2;

    /// <summary>A schema node: physical type, repetition, and what else it says.</summary>
    public static Action<ThriftWriter> Column(string name, int type, int repetition = Required, int length = 0, Action<ThriftWriter>? meaning = null) => node =>
    {
        node.Int32(1, type);
        if (length > 0)
        {
            node.Int32(2, length);
        }

        node.Int32(3, repetition).Text(4, name);
        meaning?.Invoke(node);
    };

    /// <summary>What former writers say of a column.</summary>
    public static Action<ThriftWriter> Converted(int number, int scale = 0) => node => node.Int32(6, number).Int32(7, scale);

    /// <summary>What present writers say: the number of a union's field, and the structure in it.</summary>
    public static Action<ThriftWriter> Logical(int number, Action<ThriftWriter>? fields = null, int scale = 0) =>
        node => node.Int32(7, scale).Structure(10, union => union.Structure(number, fields ?? (_ => { })));

    /// <summary>A data page of the first version.</summary>
    public static byte[] Page(int count, int encoding, byte[] body, int? length = null) =>
    [
        .. ThriftWriter.Structure(page => page.Int32(1, 0).Int32(2, length ?? body.Length).Int32(3, body.Length)
            .Structure(5, header => header.Int32(1, count).Int32(2, encoding).Int32(3, Runs).Int32(4, Runs))),
        .. body,
    ];

    /// <summary>A data page of the second version, its levels in front.</summary>
    public static byte[] PageVersion2(int count, int missing, int encoding, byte[] definitions, byte[] repetitions, byte[] body) =>
    [
        .. ThriftWriter.Structure(page => page.Int32(1, 3).Int32(2, definitions.Length + repetitions.Length + body.Length)
            .Int32(3, definitions.Length + repetitions.Length + body.Length)
            .Structure(8, header => header.Int32(1, count).Int32(2, missing).Int32(3, count).Int32(4, encoding).Int32(5, definitions.Length).Int32(6, repetitions.Length).Flag(7, false))),
        .. repetitions, .. definitions, .. body,
    ];

    /// <summary>A dictionary page.</summary>
    public static byte[] Dictionary(int count, byte[] body) =>
        [.. ThriftWriter.Structure(page => page.Int32(1, 2).Int32(2, body.Length).Int32(3, body.Length).Structure(7, header => header.Int32(1, count).Int32(2, Plain))), .. body];

    /// <summary>Bytes with their number in front.</summary>
    public static byte[] Prefixed(params byte[] bytes)
    {
        var prefix = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, bytes.Length);
        return [.. prefix, .. bytes];
    }

    /// <summary>A file of one row group and one column.</summary>
    public static byte[] File(int rows, int values, int type, byte[] pages, IReadOnlyList<string> path, int codec, params IReadOnlyList<Action<ThriftWriter>> schema)
    {
        var footer = ThriftWriter.Structure(file => file
            .Int32(1, 1)
            .Structures(2, [root => root.Text(4, "schema").Int32(5, 1), .. schema])
            .Integer(3, rows)
            .Structures(4, group => group
                .Structures(1, chunk => chunk.Integer(2, 4).Structure(3, data => data
                    .Int32(1, type).Texts(3, path).Int32(4, codec).Integer(5, values).Integer(6, pages.Length).Integer(7, pages.Length).Integer(9, 4)))
                .Integer(2, pages.Length).Integer(3, rows)));
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        return [.. "PAR1"u8, .. pages, .. footer, .. length, .. "PAR1"u8];
    }

    /// <summary>A group with one node below it.</summary>
    public static Action<ThriftWriter> Group(string name, int repetition, Action<ThriftWriter>? meaning = null) => node =>
    {
        node.Int32(3, repetition).Text(4, name).Int32(5, 1);
        meaning?.Invoke(node);
    };
}

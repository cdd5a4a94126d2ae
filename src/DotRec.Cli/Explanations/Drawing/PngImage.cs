using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace DotRec.Cli;

/// <summary>Writes PNG images, a pixel a colour; for the large matrices inside an SVG file.</summary>
internal static class PngImage
{
    // Bits a channel, then: red, green and blue; deflated; filtered; not interlaced.
    private static ReadOnlySpan<byte> Layout => [8, 2, 0, 0, 0];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The file's bytes.</summary>
    /// <param name="colors">0xRRGGBB, row by row.</param>
    /// <param name="columns">Pixels a row.</param>
    public static byte[] Of(uint[] colors, int columns)
    {
        Span<byte> head = stackalloc byte[8 + Layout.Length];
        BinaryPrimitives.WriteInt32BigEndian(head, columns);
        BinaryPrimitives.WriteInt32BigEndian(head[4..], colors.Length / columns);
        Layout.CopyTo(head[8..]);
        using var file = new MemoryStream();
        file.Write(Signature);
        Chunk(file, "IHDR"u8, head);
        Chunk(file, "IDAT"u8, Deflated(colors, columns));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Deflated(uint[] colors, int columns)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            var row = new byte[1 + (3 * columns)];
            for (var first = 0; first < colors.Length; first += columns)
            {
                // Byte 0 says that the row is not filtered.
                for (var i = 0; i < columns; i++)
                {
                    var color = colors[first + i];
                    (row[1 + (3 * i)], row[2 + (3 * i)], row[3 + (3 * i)]) = ((byte)(color >> 16), (byte)(color >> 8), (byte)color);
                }

                zlib.Write(row);
            }
        }

        return packed.ToArray();
    }

    // Length of the content, kind, content, CRC-32 of kind and content.
    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(content);
        var checksum = new Crc32();
        checksum.Append(kind);
        checksum.Append(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}

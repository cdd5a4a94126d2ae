using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CsCheck;

namespace DotRec.Cli.Tests;

public class PngImageTests
{
    [Fact]
    public void A_file_reads_back_as_its_pixels() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40]).SelectMany((width, height) => Gen.UInt[0, 0xFFFFFF].Array[width * height].Select(colors => (width, colors)))
            .Sample(image => Assert.Equal(image.colors, Read(PngImage.Of(image.colors, image.width), image.width)));

    // By the specification, a chunk after the other: length, kind, content, CRC-32 bit by bit.
    private static uint[] Read(byte[] file, int width)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var kinds = new List<string>();
        var pixels = new List<uint>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var kind = Encoding.ASCII.GetString(file, at + 4, 4);
            var content = file.AsSpan(at + 8, length);
            Assert.Equal(Checksum(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            kinds.Add(kind);
            if (kind == "IHDR")
            {
                Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(content));
                Assert.Equal([8, 2, 0, 0, 0], content[8..].ToArray());
            }
            else if (kind == "IDAT")
            {
                using var raw = new MemoryStream();
                using (var zlib = new ZLibStream(new MemoryStream(content.ToArray()), CompressionMode.Decompress))
                {
                    zlib.CopyTo(raw);
                }

                foreach (var row in raw.ToArray().Chunk(1 + (3 * width)))
                {
                    Assert.Equal(0, row[0]);
                    pixels.AddRange(row.Skip(1).Chunk(3).Select(color => ((uint)color[0] << 16) | ((uint)color[1] << 8) | color[2]));
                }
            }

            at += 12 + length;
        }

        Assert.Equal(["IHDR", "IDAT", "IEND"], kinds);
        return [.. pixels];
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var remainder = uint.MaxValue;
        foreach (var one in bytes)
        {
            remainder ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) == 1 ? (remainder >> 1) ^ 0xEDB88320 : remainder >> 1;
            }
        }

        return ~remainder;
    }
}

using System.IO.Compression;
using System.Text;
using CsCheck;

namespace DotRec.Data.Tests;

public class CompressedStreamTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void The_checksum_is_that_of_zip(string text, uint expected) => Assert.Equal(expected, Crc32.Append(0, Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_checksum_goes_on_where_it_stopped() => Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 60]).Sample((bytes, at) =>
    {
        at = Math.Min(at, bytes.Length);
        Assert.Equal(Crc32.Append(0, bytes), Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, at)), bytes.AsSpan(at)));
    });

    [Fact]
    public void Whole_gzip_data_is_read_and_every_cut_is_noticed() =>
        Gen.Select(Gen.Byte.Array[1, 200], Gen.Byte.Array[1, 200], Gen.Bool, Gen.Int[0, 500]).Sample((first, second, several, cut) =>
        {
            byte[] compressed = several ? [.. Compress(first), .. Compress(second)] : Compress(first);
            Assert.Equal(several ? [.. first, .. second] : first, Read(compressed));
            var length = cut % compressed.Length;
            if (length > 0 && (!several || length != Compress(first).Length))
            {
                Assert.Throws<InvalidDataException>(() => Read(compressed[..length]));
            }
        });

    private static byte[] Compress(byte[] bytes)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }

    private static byte[] Read(byte[] compressed)
    {
        using var whole = new WholeGzipStream(new MemoryStream(compressed));
        var content = new MemoryStream();
        whole.CopyTo(content);
        return content.ToArray();
    }
}

using System.IO.Compression;
using CsCheck;

namespace DotRec.Data.Tests;

public class CompressedStreamTests
{
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

using System.Buffers.Binary;
using System.IO.Compression;

namespace DotRec.Data;

/// <summary>Takes the compression off pages.</summary>
internal static class ParquetCodec
{
    public const int None = 0;
    private const int Snappy = 1;
    private const int Gzip = 2;
    private const int Brotli = 4;
    private const int FramedLz4 = 5;
    private const int Zstd = 6;
    private const int Lz4 = 7;

    // The most that a byte of each can stand for: what a page claims beyond that is not there, and is not allocated.
    private const long MostOfSnappy = 64;
    private const long MostOfLz4 = 256;
    private const long MostOfGzip = 1100;
    private const long MostOfOthers = 1 << 17;

    /// <summary>The page without its compression.</summary>
    /// <param name="codec">Number of the compression.</param>
    /// <param name="compressed">The page.</param>
    /// <param name="length">Bytes it must have.</param>
    /// <exception cref="InvalidDataException">It has another number of bytes, is damaged, or of an unknown compression.</exception>
    public static ReadOnlySpan<byte> Decompress(int codec, ReadOnlySpan<byte> compressed, int length)
    {
        if (codec == None)
        {
            return compressed.Length == length ? compressed : throw WrongLength();
        }

        var most = codec switch { Snappy => MostOfSnappy, Lz4 or FramedLz4 => MostOfLz4, Gzip => MostOfGzip, _ => MostOfOthers };
        if (length > (compressed.Length + 1) * most)
        {
            throw WrongLength();
        }

        var page = GC.AllocateUninitializedArray<byte>(length);
        var written = codec switch
        {
            _ when length == 0 => 0,
            Snappy => OfSnappy(compressed, page),
            Gzip => OfGzip(compressed, page),
            Brotli => BrotliDecoder.TryDecompress(compressed, page, out var count) ? count : -1,
            Zstd => OfZstd(compressed, page),
            Lz4 => Lz4Block.Decompress(compressed, page),
            FramedLz4 => OfFramedLz4(compressed, page),
            _ => throw new InvalidDataException($"its compression has the number {codec}, which is not known here"),
        };
        return written == length ? page : throw WrongLength();
    }

    private static int OfSnappy(ReadOnlySpan<byte> compressed, Span<byte> page)
    {
        try
        {
            // The block says its length too, and memory would be taken by it.
            return Snappier.Snappy.GetUncompressedLength(compressed) == page.Length && Snappier.Snappy.TryDecompress(compressed, page, out var written) ? written : -1;
        }
        catch (Exception broken) when (broken is InvalidOperationException or InvalidDataException)
        {
            throw new InvalidDataException("a page cannot be decompressed", broken);
        }
    }

    private static unsafe int OfGzip(ReadOnlySpan<byte> compressed, Span<byte> page)
    {
        fixed (byte* start = compressed)
        {
            using var memory = new UnmanagedMemoryStream(start, compressed.Length);
            using var gzip = new GZipStream(memory, CompressionMode.Decompress);
            var written = gzip.ReadAtLeast(page, page.Length, throwOnEndOfStream: false);
            return gzip.ReadByte() < 0 ? written : -1;
        }
    }

    private static int OfZstd(ReadOnlySpan<byte> compressed, Span<byte> page)
    {
        using var decompressor = new ZstdSharp.Decompressor();
        try
        {
            return decompressor.Unwrap(compressed, page);
        }
        catch (ZstdSharp.ZstdException broken)
        {
            throw new InvalidDataException("a page cannot be decompressed", broken);
        }
    }

    // Hadoop's frame: length before and after compression in front of each block, highest byte first; or, by other writers, none.
    private static int OfFramedLz4(ReadOnlySpan<byte> compressed, Span<byte> page)
    {
        var rest = compressed;
        var written = 0;
        while (rest.Length >= 8)
        {
            var (length, packed) = (BinaryPrimitives.ReadUInt32BigEndian(rest), BinaryPrimitives.ReadUInt32BigEndian(rest[4..]));
            if (packed > rest.Length - 8 || length > page.Length - written
                || Lz4Block.Decompress(rest.Slice(8, (int)packed), page.Slice(written, (int)length)) != length)
            {
                break;
            }

            written += (int)length;
            rest = rest[(8 + (int)packed)..];
        }

        return rest.IsEmpty && written == page.Length ? written : Lz4Block.Decompress(compressed, page);
    }

    private static InvalidDataException WrongLength() => new("a page has not the length that its header says");
}

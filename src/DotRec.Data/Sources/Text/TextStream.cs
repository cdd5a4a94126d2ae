using System.Text;

namespace DotRec.Data;

/// <summary>Opens a text file as UTF-8 with lines that end in newlines, whatever it is written in, and says what it is when it is no text.</summary>
internal static class TextStream
{
    // Enough for the first lines, by which line ends are told.
    private const int PeekLength = 1 << 16;

    /// <param name="file">The file.</param>
    /// <param name="encoding">Its encoding; null for that of its byte order mark, else UTF-8.</param>
    /// <exception cref="DataFormatException">The file is of another format.</exception>
    public static Stream Open(DataFile file, Encoding? encoding)
    {
        var stream = file.Open();
        try
        {
            var (peeked, whole) = Peeked(stream);
            if (encoding is null && FileKind.Of(peeked.Span) is { } kind)
            {
                throw new DataFormatException(file.Name, $"found {kind.Name}, expected text. {kind.Remedy}");
            }

            if ((encoding ?? MarkedEncoding(peeked.Span)) is { } other and not UTF8Encoding)
            {
                whole = new DecodedStream(file.Name, whole, other);
                (peeked, whole) = Peeked(whole);
            }

            return peeked.Span.Contains((byte)'\r') && !peeked.Span.Contains((byte)'\n') ? new LineEndStream(whole) : whole;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static (ReadOnlyMemory<byte> First, Stream Whole) Peeked(Stream stream)
    {
        var first = new byte[PeekLength];
        var count = stream.ReadAtLeast(first, PeekLength, throwOnEndOfStream: false);
        return (first.AsMemory(0, count), new PeekedStream(first.AsMemory(0, count), stream));
    }

    private static Encoding? MarkedEncoding(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, 0, 0, ..] => new UTF32Encoding(bigEndian: false, byteOrderMark: true),
        [0, 0, 0xFE, 0xFF, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
        [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
        _ => null,
    };
}

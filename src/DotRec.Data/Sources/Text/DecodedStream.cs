using System.Text;

namespace DotRec.Data;

/// <summary>Text of any encoding as UTF-8; bytes that the encoding does not know are an error, not question marks.</summary>
internal sealed class DecodedStream : ReadOnlyStream
{
    private readonly string _name;
    private readonly Encoding _encoding;
    private readonly Stream _utf8;

    public DecodedStream(string name, Stream inner, Encoding encoding)
    {
        _name = name;
        _encoding = encoding;
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        _utf8 = Encoding.CreateTranscodingStream(inner, strict, Encoding.UTF8);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _utf8.Read(buffer);
        }
        catch (DecoderFallbackException unknown)
        {
            throw new DataFormatException(
                _name, $"found bytes that are no text in the encoding {_encoding.WebName}. Say which encoding the file has, or save it as UTF-8.", unknown);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _utf8.Dispose();
        }

        base.Dispose(disposing);
    }
}

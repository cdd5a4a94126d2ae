namespace DotRec.Features;

/// <summary>A compressed stream that says which file is broken, and that notices when it ends too early.</summary>
/// <param name="name">What errors call the file.</param>
/// <param name="inner">The decompressed bytes; disposed with this.</param>
/// <param name="length">Number of bytes there must be; null when unknown.</param>
/// <param name="owner">What else to dispose of.</param>
internal sealed class CheckedStream(string name, Stream inner, long? length = null, IDisposable? owner = null) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            throw Broken(broken);
        }

        _position += count;
        return (count == 0 && buffer.Length > 0 && _position < length) || _position > length ? throw Broken(cause: null) : count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            owner?.Dispose();
        }

        base.Dispose(disposing);
    }

    private DataFormatException Broken(Exception? cause) =>
        new(name, $"the compressed data is broken or cut off after {_position} bytes{(length is null ? null : $" of {length}")}. Fetch the file again.", cause);
}

using System.IO.Compression;

namespace DotRec.Data;

/// <summary>
/// Decompresses gzip data and notices when it is cut off, which <see cref="GZipStream"/> takes for its end. The trick: a gzip file may be followed by
/// another, and their contents are joined. So one holding a marker is put after the data; the marker comes out at the end only if the data was whole.
/// </summary>
internal sealed class WholeGzipStream : ReadOnlyStream
{
    private static readonly byte[] Marker = "\0DotRec: end of the data\0"u8.ToArray();
    private static readonly byte[] CompressedMarker = Compress(Marker);

    private readonly Stream _compressed;
    private readonly GZipStream _content;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _next;
    private int _end;

    /// <param name="compressed">The gzip data; disposed with this.</param>
    public WholeGzipStream(Stream compressed)
    {
        _compressed = compressed;
        _content = new GZipStream(new Joined(compressed), CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">The data is broken or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        // The last bytes read may be the marker: they are held back until more come.
        while (_end - _next <= Marker.Length)
        {
            _buffer.AsSpan(_next.._end).CopyTo(_buffer);
            (_next, _end) = (0, _end - _next);
            var count = _content.Read(_buffer.AsSpan(_end));
            if (count == 0)
            {
                return _buffer.AsSpan(_next.._end).SequenceEqual(Marker) ? 0 : throw new InvalidDataException("The gzip data is cut off.");
            }

            _end += count;
        }

        var ready = _buffer.AsSpan(_next..(_end - Marker.Length));
        ready = ready[..Math.Min(ready.Length, buffer.Length)];
        ready.CopyTo(buffer);
        _next += ready.Length;
        return ready.Length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _compressed.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }

    private sealed class Joined(Stream first) : ReadOnlyStream
    {
        private int _markerBytesRead = -1;

        public override int Read(Span<byte> buffer)
        {
            if (_markerBytesRead < 0)
            {
                var count = first.Read(buffer);
                if (count > 0 || buffer.IsEmpty)
                {
                    return count;
                }

                _markerBytesRead = 0;
            }

            var rest = CompressedMarker.AsSpan(_markerBytesRead..);
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            _markerBytesRead += rest.Length;
            return rest.Length;
        }
    }
}

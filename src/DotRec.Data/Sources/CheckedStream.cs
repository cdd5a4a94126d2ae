using System.IO.Compression;
using System.IO.Hashing;

namespace DotRec.Data;

/// <summary>Decompressed bytes that say which file is broken, and that are compared with the length and checksum the archive holds.</summary>
internal sealed class CheckedStream : ReadOnlyStream
{
    private readonly string _name;
    private readonly Stream _inner;
    private readonly ZipArchiveEntry? _entry;
    private readonly Crc32 _checksum = new();
    private long _position;

    /// <summary>A member of a zip archive; the archive is disposed with this.</summary>
    public CheckedStream(string name, ZipArchiveEntry entry)
        : this(name, entry.Open()) => _entry = entry;

    /// <summary>Bytes that check themselves.</summary>
    public CheckedStream(string name, Stream inner)
    {
        _name = name;
        _inner = inner;
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = _inner.Read(buffer);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            throw Broken(broken);
        }

        _position += count;
        if (_entry is not null && buffer.Length > 0)
        {
            _checksum.Append(buffer[..count]);
            if (count == 0 && (_position != _entry.Length || _checksum.GetCurrentHashAsUInt32() != _entry.Crc32))
            {
                throw Broken(cause: null);
            }
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _entry?.Archive.Dispose();
        }

        base.Dispose(disposing);
    }

    private DataFormatException Broken(Exception? cause) =>
        new(_name, $"the compressed data is broken or cut off; {_position} bytes could be read. Fetch the file again.", cause);
}

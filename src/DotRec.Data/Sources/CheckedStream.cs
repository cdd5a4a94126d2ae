using System.IO.Compression;
using System.IO.Hashing;
using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Decompressed bytes that say which file is broken, and that are compared with the length and checksum the archive holds.</summary>
internal sealed class CheckedStream : ReadOnlyStream
{
    // Tables of text shrink to a fifth or a twentieth.
    private const long MostBytesAByte = 200;

    private readonly string _name;
    private readonly Stream _inner;
    private readonly ZipArchiveEntry? _entry;
    private readonly Crc32 _checksum = new();
    private readonly long _most;
    private long _position;

    /// <summary>A member of a zip archive; the archive is disposed with this.</summary>
    public CheckedStream(string name, ZipArchiveEntry entry)
        : this(name, entry.Open(), entry.CompressedLength) => _entry = entry;

    /// <summary>Bytes that check themselves.</summary>
    /// <param name="name">What errors call them.</param>
    /// <param name="inner">The decompressed bytes; disposed with this.</param>
    /// <param name="compressedLength">Bytes before decompression.</param>
    /// <param name="memory">Bytes of memory that there are; null for those of the machine.</param>
    public CheckedStream(string name, Stream inner, long compressedLength, long? memory = null)
    {
        _name = name;
        _inner = inner;
        _most = Math.Max(memory ?? MemoryLimit.Bytes, compressedLength * MostBytesAByte);
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
        if (_position > _most)
        {
            throw new DataFormatException(
                _name, $"found more than {_most} bytes after decompression, more than there is memory and {MostBytesAByte} times the compressed ones. No table of data shrinks so well: it was made to fill the memory, or is none.");
        }

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

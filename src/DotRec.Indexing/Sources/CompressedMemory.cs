using System.Buffers.Binary;
using System.IO.Compression;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Decompresses a gzip file into memory.</summary>
internal static class CompressedMemory
{
    private const int BufferBytes = 1 << 18;

    // What a gzip member is at least: ten bytes of head, two of content, checksum and length.
    private const int MinBytes = 20;

    /// <summary>
    /// The content, at least a byte. Decompresses twice: first to learn the length, so that memory is taken once and only as much as is there.
    /// </summary>
    /// <exception cref="ArtifactFormatException">The data is broken, cut off, empty, or made of several members.</exception>
    public static Section<byte> Read(string path)
    {
        var length = Decompress(path, default);
        if (length == 0)
        {
            throw new ArtifactFormatException(path, null, "the compressed file is empty; it does not even say how wide its rows are.");
        }

        var memory = AllocatedMemory.New<byte>(length);
        try
        {
            return Decompress(path, memory) == length
                ? memory
                : throw new ArtifactFormatException(path, null, "the file changed while it was read.");
        }
        catch
        {
            memory.Memory.Dispose();
            throw;
        }
    }

    private static long Decompress(string path, Section<byte> target)
    {
        using var file = RegularFile.Open(path, FileOptions.SequentialScan);
        var announced = AnnouncedLength(path, file);
        using var content = new GZipStream(file, CompressionMode.Decompress);
        var buffer = new byte[BufferBytes];
        var length = 0L;
        try
        {
            for (int count; (count = content.Read(buffer)) > 0; length += count)
            {
                if (length > MemoryLimit.Bytes)
                {
                    throw new ArtifactFormatException(path, null, $"its {file.Length} bytes decompress to more than the {MemoryLimit.Bytes} bytes of memory there are. Decompress it to a file, which is mapped.");
                }

                var room = (int)Math.Clamp(target.Length - length, 0, count);
                if (room > 0)
                {
                    buffer.AsSpan(0, room).CopyTo(target.Span(length, room));
                }
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            throw new ArtifactFormatException(path, null, $"the compressed data is broken; {length} bytes could be read. Fetch the file again.");
        }

        // The stream takes a cut for the end; the last four bytes of a whole file are its length.
        return (uint)length == announced
            ? length
            : throw new ArtifactFormatException(
                path, null,
                $"{length} bytes could be decompressed and the file announces {announced}. It is cut off (fetch it again), or made of several gzip members " +
                "(decompress it first).");
    }

    private static uint AnnouncedLength(string path, FileStream file)
    {
        if (file.Length < MinBytes)
        {
            throw new ArtifactFormatException(path, null, $"the file has {file.Length} bytes, too few for gzip data. It is cut off, or not compressed.");
        }

        Span<byte> last = stackalloc byte[sizeof(uint)];
        file.Position = file.Length - sizeof(uint);
        file.ReadExactly(last);
        file.Position = 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(last);
    }
}

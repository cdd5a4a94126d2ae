using System.IO.Hashing;
using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Writes one file: sections first, then the head that makes it valid.</summary>
internal sealed class ArtifactWriter
{
    private const int ChunkBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly ArtifactLayout.Entry[] _entries = new ArtifactLayout.Entry[ArtifactLayout.MaxSectionCount];
    private int _count;
    private readonly XxHash64 _checksum = new();

    private ArtifactWriter(FileStream file) => _file = file;

    /// <summary>
    /// Creates or replaces a file as <see cref="OutputFile"/> does: a crash at any point leaves the old file or the new one, and whoever has the old one open
    /// or mapped keeps it.
    /// </summary>
    /// <param name="path">Where to.</param>
    /// <param name="kind">What the file holds.</param>
    /// <param name="write">Writes the sections.</param>
    /// <param name="version">The first format whose readers understand all of them.</param>
    public static void Write(string path, ArtifactKind kind, Action<ArtifactWriter> write, int version = ArtifactLayout.FirstVersion)
    {
        using var file = OutputFile.Create(path);
        var writer = new ArtifactWriter(file.Stream);
        file.Stream.Position = ArtifactLayout.HeadBytes;
        write(writer);
        writer.Finish(kind, version);
        file.Commit();
    }

    /// <summary>Begins a section; the bytes given to <see cref="Append{T}"/> until the next one are its contents.</summary>
    public void Begin(SectionTag tag)
    {
        End();
        Span<byte> gap = stackalloc byte[IndexMemory.Alignment];
        gap.Clear();
        _file.Write(gap[..(int)(ArtifactLayout.Align(_file.Position) - _file.Position)]);
        _entries[_count++] = new ArtifactLayout.Entry { Tag = tag, Offset = _file.Position };
        _checksum.Reset();
    }

    /// <summary>Adds to the section.</summary>
    public void Append<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        _checksum.Append(bytes);
        _file.Write(bytes);
    }

    /// <summary>A whole section from memory.</summary>
    public void Section<T>(SectionTag tag, Section<T> values)
        where T : unmanaged
    {
        Begin(tag);
        using var hold = values.Memory.Hold();
        var bytes = values.AsBytes();
        for (var at = 0L; at < bytes.Length; at += ChunkBytes)
        {
            Append<byte>(bytes.Span(at, (int)Math.Min(ChunkBytes, bytes.Length - at)));
        }
    }

    private void End()
    {
        if (_count > 0)
        {
            ref var last = ref _entries[_count - 1];
            last.Length = _file.Position - last.Offset;
            last.Checksum = _checksum.GetCurrentHashAsUInt64();
        }
    }

    private void Finish(ArtifactKind kind, int version)
    {
        End();
        var head = new byte[ArtifactLayout.HeadBytes];
        var header = new ArtifactLayout.Header
        {
            Magic = ArtifactLayout.Magic,
            Version = version,
            Kind = kind,
            FileLength = _file.Position,
            SectionCount = _count,
        };
        MemoryMarshal.AsBytes(_entries.AsSpan()).CopyTo(head.AsSpan(Marshal.SizeOf<ArtifactLayout.Header>()));
        MemoryMarshal.Write(head, header);
        header.Checksum = XxHash64.HashToUInt64(head);
        MemoryMarshal.Write(head, header);
        _file.Position = 0;
        _file.Write(head);
    }
}

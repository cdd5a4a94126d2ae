using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// An opened file whose head has been checked. Nothing in it is trusted: every length is compared before it is used, and nothing is allocated by what
/// it says.
/// </summary>
internal sealed class ArtifactFile
{
    private const long AutomaticVerificationBytes = 64L << 20;
    private const int ChecksumChunkBytes = 1 << 24;

    private readonly ArtifactLayout.Entry[] _entries;

    private ArtifactFile(MappedMemory memory, ArtifactKind kind, ArtifactLayout.Entry[] entries)
    {
        Memory = memory;
        Kind = kind;
        _entries = entries;
    }

    public MappedMemory Memory { get; }

    public ArtifactKind Kind { get; }

    /// <summary>Opens and checks a file; nothing stays open when a check fails.</summary>
    public static ArtifactFile Open(string path, ArtifactVerification verification)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Index files are little-endian and used as they are; this processor is big-endian.");
        }

        using var stream = RegularFile.Open(path);
        if (stream.Length < ArtifactLayout.HeadBytes)
        {
            throw new ArtifactFormatException(
                path, 0, $"the file has {stream.Length} bytes; an index has at least {ArtifactLayout.HeadBytes}. It is truncated, or no index.");
        }

        var memory = MappedMemory.Open(path, stream);
        try
        {
            return Check(path, memory, verification);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>True when the file has the section.</summary>
    public bool Has(SectionTag tag) => Array.Exists(_entries, entry => entry.Tag == tag);

    /// <summary>A section that must be there with exactly this many values.</summary>
    public Section<T> Read<T>(SectionTag tag, long length)
        where T : unmanaged
    {
        var (section, offset) = Find<T>(tag);
        if (section.Length != length)
        {
            throw new ArtifactFormatException(
                Memory.Source, offset,
                $"section {Name(tag)} holds {section.Length} values; {length} were expected from the file's properties. The file is damaged.");
        }

        return section;
    }

    /// <summary>A section that must be there, of any length.</summary>
    public Section<T> Read<T>(SectionTag tag)
        where T : unmanaged
        => Find<T>(tag).Section;

    /// <summary>A section that is one value.</summary>
    public T ReadValue<T>(SectionTag tag)
        where T : unmanaged
        => Read<T>(tag, 1)[0];

    private static ArtifactFile Check(string path, MappedMemory memory, ArtifactVerification verification)
    {
        var head = memory.Section<byte>(0, ArtifactLayout.HeadBytes).Span(0, ArtifactLayout.HeadBytes).ToArray();
        var header = MemoryMarshal.Read<ArtifactLayout.Header>(head);
        if (header.Magic != ArtifactLayout.Magic)
        {
            throw new ArtifactFormatException(path, 0, "this is no index file: it does not begin with the index signature.");
        }

        // Before the checksum: a newer format may well compute that otherwise.
        if (header.Version > ArtifactLayout.Version)
        {
            throw new ArtifactFormatException(
                path, 8,
                $"the file is of format {header.Version}; this build reads up to {ArtifactLayout.Version}. Use a newer DotRec, or build the index again.");
        }

        var stored = header.Checksum;
        header.Checksum = 0;
        MemoryMarshal.Write(head, header);
        if (XxHash64.HashToUInt64(head) != stored || header.Version < 1)
        {
            throw new ArtifactFormatException(path, 0, "the checksum of the header does not match. The file is damaged.");
        }

        if (header.FileLength != memory.ByteLength)
        {
            throw new ArtifactFormatException(
                path, 16, $"the file has {memory.ByteLength} bytes; its header says {header.FileLength}. It is truncated or damaged.");
        }

        if ((uint)header.SectionCount > ArtifactLayout.MaxSectionCount)
        {
            throw new ArtifactFormatException(
                path, 24, $"the header says {header.SectionCount} sections; at most {ArtifactLayout.MaxSectionCount} are possible. The file is damaged.");
        }

        var entries = MemoryMarshal.Cast<byte, ArtifactLayout.Entry>(head.AsSpan(Unsafe.SizeOf<ArtifactLayout.Header>()))[..header.SectionCount].ToArray();
        CheckEntries(path, memory, entries, verification == ArtifactVerification.Full
            || (verification == ArtifactVerification.Automatic && memory.ByteLength <= AutomaticVerificationBytes));
        return new ArtifactFile(memory, header.Kind, entries);
    }

    private static void CheckEntries(string path, MappedMemory memory, ArtifactLayout.Entry[] entries, bool verify)
    {
        var end = (long)ArtifactLayout.HeadBytes;
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            var start = ArtifactLayout.Align(end);
            if (entry.Offset != start || entry.Length < 0 || entry.Length > memory.ByteLength - start)
            {
                throw new ArtifactFormatException(
                    path,
                    Unsafe.SizeOf<ArtifactLayout.Header>() + ((long)i * Unsafe.SizeOf<ArtifactLayout.Entry>()),
                    $"section {Name(entry.Tag)} claims {entry.Length} bytes at {entry.Offset}; it must start at {start} and end within {memory.ByteLength}. " +
                    "The file is damaged.");
            }

            if (verify)
            {
                CheckGap(path, memory, end, start);
                CheckSection(path, memory, entry);
            }

            end = start + entry.Length;
        }

        if (end != memory.ByteLength)
        {
            throw new ArtifactFormatException(path, end, $"{memory.ByteLength - end} bytes follow the last section. The file is damaged.");
        }
    }

    private static void CheckGap(string path, MappedMemory memory, long end, long start)
    {
        var from = start - IndexMemory.Alignment;
        if (end < start && memory.Section<byte>(from, IndexMemory.Alignment).Span(end - from, (int)(start - end)).ContainsAnyExcept((byte)0))
        {
            throw new ArtifactFormatException(path, end, "the gap before a section is not zero. The file is damaged.");
        }
    }

    private static void CheckSection(string path, MappedMemory memory, ArtifactLayout.Entry entry)
    {
        var bytes = memory.Section<byte>(entry.Offset, entry.Length);
        var checksum = new XxHash64();
        for (var at = 0L; at < bytes.Length; at += ChecksumChunkBytes)
        {
            checksum.Append(bytes.Span(at, (int)Math.Min(ChecksumChunkBytes, bytes.Length - at)));
        }

        if (checksum.GetCurrentHashAsUInt64() != entry.Checksum)
        {
            throw new ArtifactFormatException(
                path, entry.Offset, $"the checksum of section {Name(entry.Tag)} ({entry.Length} bytes) does not match. The file is damaged.");
        }
    }

    private (Section<T> Section, long Offset) Find<T>(SectionTag tag)
        where T : unmanaged
    {
        var at = Array.FindIndex(_entries, entry => entry.Tag == tag);
        if (at < 0)
        {
            throw new ArtifactFormatException(Memory.Source, null, $"section {Name(tag)} is missing. The file is damaged.");
        }

        var entry = _entries[at];
        if (entry.Length % Unsafe.SizeOf<T>() != 0)
        {
            throw new ArtifactFormatException(
                Memory.Source, entry.Offset,
                $"section {Name(tag)} has {entry.Length} bytes, no whole number of values of {Unsafe.SizeOf<T>()}. The file is damaged.");
        }

        return (Memory.Section<T>(entry.Offset, entry.Length / Unsafe.SizeOf<T>()), entry.Offset);
    }

    private static string Name(SectionTag tag)
    {
        var letters = BitConverter.GetBytes((uint)tag);
        return Array.TrueForAll(letters, letter => char.IsAsciiLetterUpper((char)letter)) ? System.Text.Encoding.ASCII.GetString(letters) : $"{(uint)tag:x8}";
    }
}

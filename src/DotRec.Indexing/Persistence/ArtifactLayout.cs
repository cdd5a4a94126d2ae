using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>
/// The one file format of indexes. Little-endian; every section starts on a multiple of 64 bytes, so that a mapped file is used as it is,
/// and is the same on every processor. Gaps are zeros.
/// <code>
///   offset 0      header                64 bytes
///   offset 64     section table         126 entries of 32 bytes; unused entries are zeros
///   offset 4096   sections, in the order of the table
/// </code>
/// A reader ignores sections whose tag it does not know; a change that it must not ignore raises <see cref="Version"/>.
/// </summary>
internal static class ArtifactLayout
{
    /// <summary>"DRINDEX" behind a byte that no text file starts with.</summary>
    public const ulong Magic = 0x58_45_44_4E_49_52_44_89;

    /// <summary>The newest format that this build reads, and the one it writes.</summary>
    public const int Version = 1;

    /// <summary>Bytes before the first section: header and section table, one page.</summary>
    public const int HeadBytes = 4096;

    /// <summary>Sections a file can have.</summary>
    public const int GreatestSectionCount = (HeadBytes - 64) / 32;

    /// <summary>The next multiple of the alignment.</summary>
    public static long Align(long offset) => (offset + IndexMemory.Alignment - 1) & -IndexMemory.Alignment;

    /// <summary>The first 64 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public record struct Header
    {
        public ulong Magic;
        public int Version;
        public ArtifactKind Kind;
        public long FileLength;
        public int SectionCount;
        public int Reserved;

        /// <summary>XXH64 of the first 4096 bytes, this field being 0.</summary>
        public ulong Checksum;
    }

    /// <summary>Where a section is.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 32)]
    public record struct Entry
    {
        public SectionTag Tag;
        public int Reserved;
        public long Offset;
        public long Length;

        /// <summary>XXH64 of the section's bytes.</summary>
        public ulong Checksum;
    }
}

/// <summary>What a file holds. Values are written to files: never change one.</summary>
internal enum ArtifactKind
{
    /// <summary><see cref="BruteForceIndex"/>.</summary>
    BruteForce = 1,
}

/// <summary>Which section: four letters, readable in a hex dump. Values are written to files: never change one.</summary>
internal enum SectionTag : uint
{
    /// <summary><see cref="IndexProperties"/>. "PROP"</summary>
    Properties = 'P' | 'R' << 8 | 'O' << 16 | 'P' << 24,

    /// <summary>Embeddings in panels. "EMBD"</summary>
    Embeddings = 'E' | 'M' << 8 | 'B' << 16 | 'D' << 24,

    /// <summary>Inverse lengths for the cosine. "SCAL"</summary>
    Scales = 'S' | 'C' << 8 | 'A' << 16 | 'L' << 24,

    /// <summary>Integer ids. "IDNO"</summary>
    IdNumbers = 'I' | 'D' << 8 | 'N' << 16 | 'O' << 24,

    /// <summary>Where each string id starts. "IDAT"</summary>
    IdOffsets = 'I' | 'D' << 8 | 'A' << 16 | 'T' << 24,

    /// <summary>UTF-8 of the string ids. "IDTX"</summary>
    IdText = 'I' | 'D' << 8 | 'T' << 16 | 'X' << 24,

    /// <summary>From id to row. "IDHT"</summary>
    IdTable = 'I' | 'D' << 8 | 'H' << 16 | 'T' << 24,
}

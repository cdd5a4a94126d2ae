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

    /// <summary>The newest format that this build reads.</summary>
    public const int Version = 2;

    /// <summary>The format of files in which nothing is newer.</summary>
    public const int FirstVersion = 1;

    /// <summary>Bytes before the first section: header and section table, one page.</summary>
    public const int HeadBytes = 4096;

    /// <summary>Sections a file can have.</summary>
    public const int MaxSectionCount = (HeadBytes - 64) / 32;

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

    /// <summary><see cref="ScannIndex"/>.</summary>
    Scann = 2,

    /// <summary>Ids and their rows: <see cref="ItemIds"/> without an index.</summary>
    Vocabulary = 3,

    /// <summary>Rows of float32 numbers.</summary>
    Table = 4,

    /// <summary>A value or a list of values a row: a column of texts or numbers.</summary>
    Column = 5,

    /// <summary>The items that each of many ids has had.</summary>
    Seen = 6,

    /// <summary>How often each item was chosen.</summary>
    Popularity = 7,

    /// <summary><see cref="SparseIndex"/>.</summary>
    Sparse = 8,

    /// <summary>What each of many ids has had, in order.</summary>
    Histories = 9,
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

    /// <summary><see cref="DotRec.Indexing.ScannProperties"/>. "SCAN"</summary>
    ScannProperties = 'S' | 'C' << 8 | 'A' << 16 | 'N' << 24,

    /// <summary>Centroids of the partitions, in panels. "CENT"</summary>
    Centroids = 'C' | 'E' << 8 | 'N' << 16 | 'T' << 24,

    /// <summary>The projection of items and queries. "PROJ"</summary>
    Projection = 'P' | 'R' << 8 | 'O' << 16 | 'J' << 24,

    /// <summary>Projected items in 8 bits. "SIEV"</summary>
    RefiningRows = 'S' | 'I' << 8 | 'E' << 16 | 'V' << 24,

    /// <summary>Codewords of every subspace. "CBOK"</summary>
    Codewords = 'C' | 'B' << 8 | 'O' << 16 | 'K' << 24,

    /// <summary><see cref="PackedPartition"/>. "PART"</summary>
    Partitions = 'P' | 'A' << 8 | 'R' << 16 | 'T' << 24,

    /// <summary>Codes in blocks of 128 entries. "CODE"</summary>
    Codes = 'C' | 'O' << 8 | 'D' << 16 | 'E' << 24,

    /// <summary>Scales of the codes. "CSCL"</summary>
    CodeScales = 'C' | 'S' << 8 | 'C' << 16 | 'L' << 24,

    /// <summary>The item position of every entry, where items may be in two partitions. "SPIL"</summary>
    SpilledPositions = 'S' | 'P' << 8 | 'I' << 16 | 'L' << 24,

    /// <summary>Embeddings by position. "ROWS"</summary>
    RescoringRows = 'R' | 'O' << 8 | 'W' << 16 | 'S' << 24,

    /// <summary>A factor a position. "ROWF"</summary>
    RescoringFactors = 'R' | 'O' << 8 | 'W' << 16 | 'F' << 24,

    /// <summary>A length a position. "ROWL"</summary>
    RescoringLengths = 'R' | 'O' << 8 | 'W' << 16 | 'L' << 24,

    /// <summary>What 8-bit rows are relative to. "ROWB"</summary>
    RescoringBases = 'R' | 'O' << 8 | 'W' << 16 | 'B' << 24,

    /// <summary>Which of them, a position. "ROWI"</summary>
    RescoringBaseNumbers = 'R' | 'O' << 8 | 'W' << 16 | 'I' << 24,

    /// <summary>The row at each position. "ROWN"</summary>
    RowsByPosition = 'R' | 'O' << 8 | 'W' << 16 | 'N' << 24,

    /// <summary>The position of each row. "ROWP"</summary>
    PositionsByRow = 'R' | 'O' << 8 | 'W' << 16 | 'P' << 24,

    /// <summary>Origin of the lift, for distances. "LIFT"</summary>
    LiftOrigin = 'L' | 'I' << 8 | 'F' << 16 | 'T' << 24,

    /// <summary>Numbers, as many as the file's properties or boundaries say. "VALS"</summary>
    Values = 'V' | 'A' << 8 | 'L' << 16 | 'S' << 24,

    /// <summary>What each item scores before any query. "PRIO"</summary>
    Priors = 'P' | 'R' << 8 | 'I' << 16 | 'O' << 24,

    /// <summary>Where each text starts. "TXAT"</summary>
    TextOffsets = 'T' | 'X' << 8 | 'A' << 16 | 'T' << 24,

    /// <summary>Texts, one after another. "TEXT"</summary>
    Text = 'T' | 'E' << 8 | 'X' << 16 | 'T' << 24,

    /// <summary>Where the values of each row start. "LIST"</summary>
    ListOffsets = 'L' | 'I' << 8 | 'S' << 16 | 'T' << 24,

    /// <summary>Rows of the index. "ITEM"</summary>
    ItemRows = 'I' | 'T' << 8 | 'E' << 16 | 'M' << 24,

    /// <summary>Integer ids. "IDNO"</summary>
    IdNumbers = 'I' | 'D' << 8 | 'N' << 16 | 'O' << 24,

    /// <summary>Where each string id starts. "IDAT"</summary>
    IdOffsets = 'I' | 'D' << 8 | 'A' << 16 | 'T' << 24,

    /// <summary>UTF-8 of the string ids. "IDTX"</summary>
    IdText = 'I' | 'D' << 8 | 'T' << 16 | 'X' << 24,

    /// <summary>From id to row. "IDHT"</summary>
    IdTable = 'I' | 'D' << 8 | 'H' << 16 | 'T' << 24,
}

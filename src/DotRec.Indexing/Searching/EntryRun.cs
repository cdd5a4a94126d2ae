using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Entries that are scanned in one go: a run of a partition in the index, or of an extent with what was added to it.</summary>
internal unsafe struct EntryRun
{
    /// <summary>Codes, scales, and which entries may be returned.</summary>
    public PackedLookupRun Packed;

    /// <summary>What a scale of 1 is worth.</summary>
    public float Unit;

    /// <summary>Position of the first entry, where others follow it.</summary>
    public int FirstPosition;

    /// <summary>The position of every entry; null where all follow the first.</summary>
    public int* Positions;

    /// <summary>Where there are positions: entries from the first on that follow it even so, which need not be looked up.</summary>
    public int InOrder;
}

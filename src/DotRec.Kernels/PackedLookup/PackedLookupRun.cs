namespace DotRec.Kernels;

/// <summary>The items that a scan reads: a run of blocks of <see cref="PackedLookup"/>.</summary>
internal unsafe struct PackedLookupRun
{
    /// <summary>[blocks, rows, 64], on a cache line.</summary>
    public byte* Codes;

    /// <summary>[blocks, 128], on a cache line: one signed factor an item, in units of 2^−15.</summary>
    public short* Scales;

    /// <summary>[blocks, 2] or null: one bit an item, lowest first; 0 keeps it out of the answer. Blocks without a bit are not read.</summary>
    public ulong* Allowed;

    /// <summary>Subspaces, at least 1.</summary>
    public int Rows;

    /// <summary>Items, 1 to 65,536; the last block may have room for more.</summary>
    public int Count;
}

using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>What the 512-bit variants of the packed lookup do each in their own way.</summary>
internal unsafe interface ILookup512
{
    /// <summary>Looks the low nibbles of 64 bytes up in a table of 16 entries, repeated in every 128-bit lane.</summary>
    static abstract Vector512<byte> Low(Vector512<byte> table, Vector512<byte> codes);

    /// <summary>Looks the high nibbles up.</summary>
    static abstract Vector512<byte> High(Vector512<byte> table, Vector512<byte> codes);

    /// <summary>Appends the items of a block whose bits are set, with their values.</summary>
    /// <returns>Items found now.</returns>
    static abstract int Append(
        PackedLookupQuery* query, int found, int first, ulong low, ulong high, Vector512<short> run0, Vector512<short> run1, Vector512<short> run2,
        Vector512<short> run3);
}

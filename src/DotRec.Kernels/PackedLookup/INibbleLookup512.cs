using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>How a 512-bit variant looks the low and the high nibbles of 64 bytes up in a table of 16 entries, repeated in every 128-bit lane.</summary>
internal interface INibbleLookup512
{
    static abstract Vector512<byte> Low(Vector512<byte> table, Vector512<byte> codes);

    static abstract Vector512<byte> High(Vector512<byte> table, Vector512<byte> codes);
}

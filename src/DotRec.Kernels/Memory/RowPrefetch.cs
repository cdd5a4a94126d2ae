using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>Asks memory for rows that lie anywhere, before they are read. A hint: it reads nothing, so that any address will do.</summary>
internal static unsafe class RowPrefetch
{
    private const int CacheLine = 64;

    /// <summary>Asks for every cache line of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(byte* row, int bytes)
    {
        if (Sse.IsSupported)
        {
            for (var at = row; at < row + bytes; at += CacheLine)
            {
                Sse.Prefetch0(at);
            }

            Sse.Prefetch0(row + bytes - 1);
        }
    }
}

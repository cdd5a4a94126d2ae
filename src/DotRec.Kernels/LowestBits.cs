using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>Which bits of a word stand for something where fewer things are left than it has bits.</summary>
internal static class LowestBits
{
    /// <summary>The lowest <paramref name="count"/> bits: all from 64 on, none up to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(int count) => count >= 64 ? ulong.MaxValue : count <= 0 ? 0 : (1UL << count) - 1;
}

using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>A (score, row) pair as one 64-bit number that orders as the pair does: bigger scores first, equal scores by lower row. −0 equals +0.</summary>
internal static class ScoreKey
{
    /// <summary>The score's bits, made to order as the score does, above the complemented row. The score is not NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(float score, int row)
    {
        // Adding +0 turns −0 into +0, so that the two tie.
        var bits = BitConverter.SingleToInt32Bits(score + 0f);
        var ordered = (uint)(bits ^ ((bits >> 31) | int.MinValue));
        return ((ulong)ordered << 32) | ~(uint)row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(ulong key)
    {
        var ordered = (int)(key >> 32);
        return BitConverter.Int32BitsToSingle(ordered ^ ((~ordered >> 31) | int.MinValue));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(ulong key) => (int)~(uint)key;
}

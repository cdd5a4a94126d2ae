using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512;

namespace DotRec.Kernels;

/// <summary>Compares 512 bits of scores at a time; only vectors with a hit, which are rare, are looked at one by one.</summary>
internal readonly struct SelectAboveAvx512 : ISelectAboveKernel
{
    private const int Lanes = 16;

    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    public static int SelectAbove(ref readonly float scores, int length, float threshold, ref int positions)
    {
        var limit = Vec.Create(threshold);
        var (count, i) = (0, 0);
        for (; i + Lanes <= length; i += Lanes)
        {
            var hits = Vec.GreaterThanOrEqual(Vec.LoadUnsafe(in scores, (nuint)i), limit).ExtractMostSignificantBits();
            while (hits != 0)
            {
                Unsafe.Add(ref positions, count++) = i + BitOperations.TrailingZeroCount(hits);
                hits &= hits - 1;
            }
        }

        for (; i < length; i++)
        {
            if (Unsafe.Add(ref Unsafe.AsRef(in scores), i) >= threshold)
            {
                Unsafe.Add(ref positions, count++) = i;
            }
        }

        return count;
    }
}

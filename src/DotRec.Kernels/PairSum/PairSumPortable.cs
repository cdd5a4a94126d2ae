using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<float>;
using Vec = System.Runtime.Intrinsics.Vector128;
using VInt = System.Runtime.Intrinsics.Vector128<int>;

namespace DotRec.Kernels;

/// <summary>Sums over pairs in 128-bit vectors of whatever the platform has.</summary>
internal readonly struct PairSumPortable : IPairSumKernel
{
    private const int Lanes = 4;

    public static InstructionSet InstructionSet => InstructionSet.Portable;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<TTerm>(ref readonly float x, ref readonly float y, nuint length)
        where TTerm : struct, IPairTerm
    {
        if (length < Lanes)
        {
            return Short<TTerm>(in x, in y, length);
        }

        // Four sums hide the latency of the multiply-add: two loads a term make this load-bound.
        V s0 = default, s1 = default, s2 = default, s3 = default;
        nuint i = 0;
        for (; i + (4 * Lanes) <= length; i += 4 * Lanes)
        {
            s0 = TTerm.Add(Vec.LoadUnsafe(in x, i), Vec.LoadUnsafe(in y, i), s0);
            s1 = TTerm.Add(Vec.LoadUnsafe(in x, i + Lanes), Vec.LoadUnsafe(in y, i + Lanes), s1);
            s2 = TTerm.Add(Vec.LoadUnsafe(in x, i + (2 * Lanes)), Vec.LoadUnsafe(in y, i + (2 * Lanes)), s2);
            s3 = TTerm.Add(Vec.LoadUnsafe(in x, i + (3 * Lanes)), Vec.LoadUnsafe(in y, i + (3 * Lanes)), s3);
        }

        if (i + (2 * Lanes) <= length)
        {
            s0 = TTerm.Add(Vec.LoadUnsafe(in x, i), Vec.LoadUnsafe(in y, i), s0);
            s1 = TTerm.Add(Vec.LoadUnsafe(in x, i + Lanes), Vec.LoadUnsafe(in y, i + Lanes), s1);
            i += 2 * Lanes;
        }

        if (i + Lanes <= length)
        {
            s2 = TTerm.Add(Vec.LoadUnsafe(in x, i), Vec.LoadUnsafe(in y, i), s2);
            i += Lanes;
        }

        if (i < length)
        {
            // The last full vector again, with the values already summed masked away.
            var start = length - Lanes;
            var fresh = Vec.GreaterThanOrEqual(VInt.Indices, Vec.Create((int)(i - start))).AsSingle();
            s3 = TTerm.Add(Vec.LoadUnsafe(in x, start) & fresh, Vec.LoadUnsafe(in y, start) & fresh, s3);
        }

        return Vec.Sum((s0 + s1) + (s2 + s3));
    }

    private static float Short<TTerm>(ref readonly float x, ref readonly float y, nuint length)
        where TTerm : struct, IPairTerm
    {
        var sum = 0f;
        for (nuint i = 0; i < length; i++)
        {
            sum = TTerm.Add(Unsafe.Add(ref Unsafe.AsRef(in x), i), Unsafe.Add(ref Unsafe.AsRef(in y), i), sum);
        }

        return sum;
    }
}

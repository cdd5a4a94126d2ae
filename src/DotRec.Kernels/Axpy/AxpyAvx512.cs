using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512;

namespace DotRec.Kernels;

/// <summary>y += a·x in 512-bit vectors.</summary>
internal readonly struct AxpyAvx512 : IAxpyKernel
{
    private const int Lanes = 16;

    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Axpy(float a, ref readonly float x, ref float y, nuint length)
    {
        var factor = Vec.Create(a);
        nuint i = 0;
        for (; i + Lanes <= length; i += Lanes)
        {
            Vec.MultiplyAddEstimate(factor, Vec.LoadUnsafe(in x, i), Vec.LoadUnsafe(ref y, i)).StoreUnsafe(ref y, i);
        }

        for (; i < length; i++)
        {
            ref var value = ref Unsafe.Add(ref y, i);
            value = float.MultiplyAddEstimate(a, Unsafe.Add(ref Unsafe.AsRef(in x), i), value);
        }
    }
}

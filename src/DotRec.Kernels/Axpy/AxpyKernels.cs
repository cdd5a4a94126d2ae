using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DotRec.Kernels;

/// <summary>y += a·x.</summary>
internal static class AxpyKernels
{
    /// <summary>
    /// Adds <paramref name="a"/> times <paramref name="x"/> to <paramref name="y"/>. Lengths must be equal; x and y may be the same memory, but not
    /// overlap otherwise.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Axpy(float a, ReadOnlySpan<float> x, Span<float> y)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                Axpy<AxpyAvx512>(a, x, y);
                break;
            case InstructionSet.Avx2:
                Axpy<AxpyAvx2>(a, x, y);
                break;
            default:
                Axpy<AxpyPortable>(a, x, y);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Axpy<TKernel>(float a, ReadOnlySpan<float> x, Span<float> y)
        where TKernel : struct, IAxpyKernel
    {
        Require.SameLength(x.Length, y.Length);
        TKernel.Axpy(a, in MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (nuint)x.Length);
    }
}

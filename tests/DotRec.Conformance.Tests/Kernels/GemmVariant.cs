using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

internal delegate void GemmPath(GemmCase product, float[] a, float[] b, float[] c);

/// <summary>A variant's entry, and its paths taken whether the entry would choose them or not.</summary>
internal sealed record GemmVariant(Type Kernel, InstructionSet InstructionSet, GemmPath Entry, GemmPath Blocked, GemmPath Split, GemmPath Rows, GemmPath Dots)
{
    public static GemmVariant Of<TKernel, TPairSum>()
        where TKernel : struct, IGemmKernel
        where TPairSum : struct, IPairSumKernel => new(
            typeof(TKernel), TKernel.InstructionSet,
            (product, a, b, c) => GemmKernels.Multiply<TKernel, TPairSum>(
                product.TransposeA, product.TransposeB, product.M, product.N, product.K, a, product.Lda, b, product.Ldb, c, product.Ldc, product.Accumulate),
            (product, a, b, c) => product.OnOperands(a, b, c, operands => BlockedGemm<TKernel>.Run(operands)),
            (product, a, b, c) => product.OnOperands(a, b, c, operands => SplitGemm<TKernel>.Run(operands)),
            (product, a, b, c) => product.OnOperands(a, b, c, operands => RowGemm<TKernel>.Run(operands)),
            (product, a, b, c) => product.OnOperands(a, b, c, operands => DotGemm<TPairSum>.Run(operands)));

    /// <summary>The paths that can do a product.</summary>
    public IEnumerable<GemmPath> Paths(GemmCase product)
    {
        yield return Entry;
        if (product is { M: 0 } or { N: 0 } or { K: 0 })
        {
            yield break;
        }

        yield return Blocked;
        yield return Split;
        if (!product.TransposeB)
        {
            yield return Rows;
        }

        if (product is { TransposeA: false, TransposeB: true })
        {
            yield return Dots;
        }
    }
}

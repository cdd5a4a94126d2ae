using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>Every kernel on buffers between guard pages. Explicit: <see cref="StaysInsideTests"/> runs them in a child process.</summary>
public sealed class GuardedKernels
{
    private const int LongestLength = 140;

    private static readonly PairSumVariant[] PairSumVariants = [PairSumVariant.Of<PairSumPortable>(), PairSumVariant.Of<PairSumAvx2>(), PairSumVariant.Of<PairSumAvx512>()];
    private static readonly AxpyVariant[] AxpyVariants = [AxpyVariant.Of<AxpyPortable>(), AxpyVariant.Of<AxpyAvx2>(), AxpyVariant.Of<AxpyAvx512>()];

    private static readonly SelectAboveVariant[] SelectAboveVariants =
        [SelectAboveVariant.Of<SelectAbovePortable>(), SelectAboveVariant.Of<SelectAboveAvx2>(), SelectAboveVariant.Of<SelectAboveAvx512>()];

    [Fact(Explicit = true)]
    public void Pair_sums()
    {
        foreach (var (variant, length, guardEnd) in Cases(PairSumVariants, variant => variant.InstructionSet))
        {
            using GuardedBuffer x = new(Values.Integers(length, 1), guardEnd), y = new(Values.Integers(length, 2), guardEnd);
            variant.Dot(x.Values, y.Values);
            variant.SquaredL2(x.Values, y.Values);
        }
    }

    [Fact(Explicit = true)]
    public void Axpy_and_selection()
    {
        foreach (var (variant, length, guardEnd) in Cases(AxpyVariants, variant => variant.InstructionSet))
        {
            using GuardedBuffer x = new(Values.Integers(length, 1), guardEnd), y = new(Values.Integers(length, 2), guardEnd);
            variant.Axpy(2, x.Values, y.Values);
        }

        foreach (var (variant, length, guardEnd) in Cases(SelectAboveVariants, variant => variant.InstructionSet))
        {
            using GuardedBuffer scores = new(Values.Integers(length, 1), guardEnd);
            variant.SelectAbove(scores.Values, 0);
        }
    }

    [Fact(Explicit = true)]
    public void Matrix_products()
    {
        var random = new SeededRandom(4);
        for (var i = 0; i < 400; i++)
        {
            var guardEnd = i % 2 == 0;
            var (m, n, k) = (random.NextInt(70), random.NextInt(70), random.NextInt(70));
            var (transposeA, transposeB) = (random.NextInt(2) == 0, random.NextInt(2) == 0);
            using GuardedBuffer a = new(Values.Integers(m * k, 1), guardEnd), b = new(Values.Integers(n * k, 2), guardEnd), c = new(new float[m * n], guardEnd);
            int lda = transposeA ? m : k, ldb = transposeB ? k : n;
            GemmKernels.Multiply<GemmPortable, PairSumPortable>(transposeA, transposeB, m, n, k, a.Values, lda, b.Values, ldb, c.Values, n, false);
            if (KernelSelection.IsSupported(InstructionSet.Avx2))
            {
                GemmKernels.Multiply<GemmAvx2, PairSumAvx2>(transposeA, transposeB, m, n, k, a.Values, lda, b.Values, ldb, c.Values, n, true);
            }

            if (KernelSelection.IsSupported(InstructionSet.Avx512))
            {
                GemmKernels.Multiply<GemmAvx512, PairSumAvx512>(transposeA, transposeB, m, n, k, a.Values, lda, b.Values, ldb, c.Values, n, true);
            }
        }
    }

    [Fact(Explicit = true)]
    public void In_batch_softmax()
    {
        for (var i = 0; i < 60; i++)
        {
            var batch = SoftmaxCase.Random(1 + i, i, 1 + (i % 37), 1f, parts: i % 32, i);
            var guardEnd = i % 2 == 0;
            using GuardedBuffer q = new(batch.Queries, guardEnd), c = new(batch.Candidates, guardEnd), bias = new(batch.ColumnBias, guardEnd), weights = new(batch.Weights, guardEnd);
            using GuardedBuffer dq = new(batch.Queries, guardEnd), dc = new(batch.Candidates, guardEnd);
            var guarded = batch.Batch with { Queries = q.Values, Candidates = c.Values, ColumnBias = bias.Values, Weights = weights.Values };
            InBatchSoftmaxKernels.Compute<GemmPortable, SoftmaxRowPortable>(guarded, dq.Values, dc.Values);
            if (KernelSelection.IsSupported(InstructionSet.Avx2))
            {
                InBatchSoftmaxKernels.Compute<GemmAvx2, SoftmaxRowAvx2>(guarded, dq.Values, dc.Values);
            }

            if (KernelSelection.IsSupported(InstructionSet.Avx512))
            {
                InBatchSoftmaxKernels.Compute<GemmAvx512, SoftmaxRowAvx512>(guarded, dq.Values, dc.Values);
            }
        }
    }

    [Fact(Explicit = true)]
    public unsafe void Chains_and_short_products()
    {
        ChainSumVariant[] chains = [ChainSumVariant.Of<ChainSumPortable>(), ChainSumVariant.Of<ChainSumAvx2>(), ChainSumVariant.Of<ChainSumAvx512>()];
        foreach (var (variant, length, guardEnd) in Cases(chains, variant => variant.InstructionSet))
        {
            using GuardedBuffer x = new(Values.Integers(length, 1), guardEnd), rows = new(Values.Integers(3 * length, 2), guardEnd);
            fixed (float* first = rows.Values)
            {
                variant.Products(x.Values, first, [0, 2, 1], new float[3]);
                variant.Distances(x.Values, first, [0, 2, 1], new float[3]);
            }
        }

        ShortProductVariant[] products =
            [ShortProductVariant.Of<ShortProductPortable>(), ShortProductVariant.Of<ShortProductAvx2>(), ShortProductVariant.Of<ShortProductAvx512>()];
        foreach (var (variant, pairs, guardEnd) in Cases(products, variant => variant.InstructionSet))
        {
            // A float is a pair of components of the vector, and two of a row: a panel is half as many floats as it has pairs, times its rows.
            using GuardedBuffer x = new(new float[pairs], guardEnd), panel = new(new float[4 * pairs * ShortProducts.Rows / 2], guardEnd), sums = new(new float[4 * ShortProducts.Rows], guardEnd);
            using GuardedBuffer vector = new(new float[8 * (pairs / 8)], guardEnd), row = new(new float[4 * (pairs / 8)], guardEnd);
            fixed (float* first = x.Values, second = panel.Values, third = sums.Values, fourth = vector.Values, fifth = row.Values)
            {
                variant.Panels((short*)first, pairs, (sbyte*)second, 2 * pairs * ShortProducts.Rows, 4, (int*)third);
                variant.Panels((short*)first, pairs, (sbyte*)second, 2 * pairs * ShortProducts.Rows, 3, (int*)third);
                variant.Row((short*)fourth, (sbyte*)fifth, ShortProducts.Step * (pairs / 8));
            }
        }
    }

    private static IEnumerable<(T Variant, int Length, bool GuardEnd)> Cases<T>(T[] variants, Func<T, InstructionSet> instructionSet) =>
        from variant in variants
        where KernelSelection.IsSupported(instructionSet(variant))
        from length in Enumerable.Range(0, LongestLength)
        from guardEnd in new[] { false, true }
        select (variant, length, guardEnd);
}

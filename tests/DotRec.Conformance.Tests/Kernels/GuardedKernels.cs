using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>
/// Kernels on buffers between guard pages; scans of an index and conversions are in <see cref="GuardedScans"/> and <see cref="GuardedConversions"/>. Explicit:
/// <see cref="StaysInsideTests"/> runs them in a child process.
/// </summary>
public sealed class GuardedKernels
{
    private const int LongestLength = 140;

    internal static readonly Placement[] Placements = [Placement.BehindGuard, Placement.BeforeGuard];

    private static readonly PairSumVariant[] PairSumVariants =
        [PairSumVariant.Of<PairSumPortable>(), PairSumVariant.Of<PairSumAvx2>(), PairSumVariant.Of<PairSumAvx512>()];
    private static readonly AxpyVariant[] AxpyVariants = [AxpyVariant.Of<AxpyPortable>(), AxpyVariant.Of<AxpyAvx2>(), AxpyVariant.Of<AxpyAvx512>()];

    private static readonly SelectAboveVariant[] SelectAboveVariants =
        [SelectAboveVariant.Of<SelectAbovePortable>(), SelectAboveVariant.Of<SelectAboveAvx2>(), SelectAboveVariant.Of<SelectAboveAvx512>()];

    [Fact(Explicit = true)]
    public void Pair_sums()
    {
        foreach (var (variant, length, placement) in Cases(PairSumVariants, variant => variant.InstructionSet))
        {
            using KernelBuffer<float> x = new(Values.Integers(length, 1), placement), y = new(Values.Integers(length, 2), placement);
            variant.Dot(x.Values, y.Values);
            variant.SquaredL2(x.Values, y.Values);
        }
    }

    [Fact(Explicit = true)]
    public void Axpy_and_selection()
    {
        foreach (var (variant, length, placement) in Cases(AxpyVariants, variant => variant.InstructionSet))
        {
            using KernelBuffer<float> x = new(Values.Integers(length, 1), placement), y = new(Values.Integers(length, 2), placement);
            variant.Axpy(2, x.Values, y.Values);
        }

        foreach (var (variant, length, placement) in Cases(SelectAboveVariants, variant => variant.InstructionSet))
        {
            using KernelBuffer<float> scores = new(Values.Integers(length, 1), placement);
            variant.SelectAbove(scores.Values, 0, placement);
            variant.SelectAbove(scores.Values, float.NegativeInfinity, placement);
        }
    }

    [Fact(Explicit = true)]
    public void Matrix_products()
    {
        var random = new SeededRandom(4);
        for (var i = 0; i < 400; i++)
        {
            var placement = Placements[i % 2];
            var (m, n, k) = (random.NextInt(70), random.NextInt(70), random.NextInt(70));
            var (transposeA, transposeB) = (random.NextInt(2) == 0, random.NextInt(2) == 0);
            using KernelBuffer<float> a = new(Values.Integers(m * k, 1), placement), b = new(Values.Integers(n * k, 2), placement), c = new(
                new float[m * n], placement);
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
            var placement = Placements[i % 2];
            using KernelBuffer<float> q = new(batch.Queries, placement), c =
                new(batch.Candidates, placement), bias = new(batch.ColumnBias, placement), weights = new(batch.Weights, placement);
            using KernelBuffer<float> dq = new(batch.Queries, placement), dc = new(batch.Candidates, placement);
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
    public void Softmax_of_positives_beside_shared_negatives()
    {
        SoftmaxVariant[] variants =
            [SoftmaxVariant.Of<GemmPortable, SoftmaxRowPortable>(), SoftmaxVariant.Of<GemmAvx2, SoftmaxRowAvx2>(), SoftmaxVariant.Of<GemmAvx512, SoftmaxRowAvx512>()];
        for (var i = 0; i < 60; i++)
        {
            var batch = SharedNegativesCase.Random(1 + i, 1 + (2 * i), 1 + (i % 37), 1f, parts: i % 8, i);
            var placement = Placements[i % 2];
            using KernelBuffer<float> q = new(batch.Queries, placement), p = new(batch.Positives, placement), c = new(batch.Negatives, placement);
            using KernelBuffer<float> dq = new(batch.Queries, placement), dp = new(batch.Positives, placement), dc = new(batch.Negatives, placement);
            using KernelBuffer<int> leftOut = new(batch.LeftOut, placement);
            var guarded = batch.Batch with { Queries = q.Values, OwnPositives = p.Values, Candidates = c.Values, LeftOut = leftOut.Values };
            foreach (var variant in variants.Where(variant => KernelSelection.IsSupported(variant.InstructionSet)))
            {
                variant.ComputeShared(guarded, dq.Values, dc.Values, dp.Values);
            }
        }
    }

    [Fact(Explicit = true)]
    public void Causal_attention()
    {
        AttentionVariant[] variants =
        [
            AttentionVariant.Of<GemmPortable, SoftmaxRowPortable>(), AttentionVariant.Of<GemmAvx2, SoftmaxRowAvx2>(),
            AttentionVariant.Of<GemmAvx512, SoftmaxRowAvx512>(),
        ];
        for (var i = 0; i < 60; i++)
        {
            var batch = AttentionCase.Random([i, 1 + (i % 5), 3 * i, 0, 2], 1 + (i % 37), 1 + (i % 2), 1, i);
            var placement = Placements[i % 2];
            using KernelBuffer<float> inputs = new(batch.Inputs, placement), output = new(batch.OutputGradient, placement), sums = new(
                batch.Positions * batch.Heads, placement);
            using KernelBuffer<float> seed = new(batch.OutputGradient, placement), gradient = new(batch.Inputs, placement);
            using KernelBuffer<int> offsets = new(batch.Offsets, placement);
            var guarded = batch.Batch with { QueriesKeysValues = inputs.Values, Offsets = offsets.Values };
            foreach (var variant in variants.Where(variant => KernelSelection.IsSupported(variant.InstructionSet)))
            {
                variant.Compute(guarded, output.Values, sums.Values);
                variant.Differentiate(guarded, output.Values, sums.Values, seed.Values, gradient.Values);
            }
        }
    }

    [Fact(Explicit = true)]
    public unsafe void Chains()
    {
        ChainSumVariant[] chains = [ChainSumVariant.Of<ChainSumPortable>(), ChainSumVariant.Of<ChainSumAvx2>(), ChainSumVariant.Of<ChainSumAvx512>()];
        foreach (var (variant, length, placement) in Cases(chains, variant => variant.InstructionSet))
        {
            using KernelBuffer<float> x = new(Values.Integers(length, 1), placement), matrix = new(Values.Integers(17 * length, 2), placement);
            foreach (var count in new[] { 1, 3, 4, 8, 9, 17 })
            {
                // The last row first, so that every lane has it.
                using KernelBuffer<int> rows = new(Enumerable.Range(17 - count, count).Reverse().ToArray(), placement);
                using KernelBuffer<float> sums = new(count, placement);
                variant.Products(x.Values, matrix.Pointer, rows.Values, sums.Values);
                variant.Distances(x.Values, matrix.Pointer, rows.Values, sums.Values);
            }
        }
    }

    [Fact(Explicit = true)]
    public unsafe void Short_products()
    {
        ShortProductVariant[] products =
            [ShortProductVariant.Of<ShortProductPortable>(), ShortProductVariant.Of<ShortProductAvx2>(), ShortProductVariant.Of<ShortProductAvx512>()];
        foreach (var (variant, pairs, placement) in Cases(products, variant => variant.InstructionSet))
        {
            using KernelBuffer<short> vector = new(2 * pairs, placement);
            var stride = 2 * pairs * ShortProducts.Rows;
            for (var count = 1; count <= ShortProducts.Together; count++)
            {
                using KernelBuffer<sbyte> panels = new(count * stride, placement);
                using KernelBuffer<int> sums = new(count * ShortProducts.Rows, placement);
                variant.Panels(vector.Pointer, pairs, panels.Pointer, stride, count, sums.Pointer);
            }

            var length = ShortProducts.Step * (pairs / 8);
            using KernelBuffer<short> padded = new(length, placement);
            using KernelBuffer<sbyte> row = new(length, placement);
            variant.Row(padded.Pointer, row.Pointer, length);
        }
    }

    [Fact(Explicit = true)]
    public void Bits_gathered()
    {
        for (var length = 0; length < 300; length++)
        {
            var placement = Placements[length % 2];

            // Of the first word, the last, and none of them.
            var numbers = Enumerable.Range(0, length).Select(i => (i % 3) switch { 0 => i % 64, 1 => 191 - (i % 64), _ => (i - 150) * 1_000_000 }).ToArray();
            using KernelBuffer<ulong> bits = new([ulong.MaxValue, 0, ulong.MaxValue], placement), words = new((length + 63) / 64, placement);
            using KernelBuffer<int> order = new(numbers, placement);
            BitGather.Gather(bits.Values, order.Values, words.Values);
            Assert.Equal(
                numbers.Select(number => number is >= 0 and < 64 or >= 128 and < 192),
                Enumerable.Range(0, length).Select(i => (words.Values[i / 64] >> (i % 64) & 1) != 0));
        }
    }

    [Fact(Explicit = true)]
    public void Nearest_centroids()
    {
        var random = new SeededRandom(5);
        for (var i = 0; i < 100; i++)
        {
            var placement = Placements[i % 2];
            var (count, points, dimension) = (2 + random.NextInt(40), random.NextInt(70), 1 + random.NextInt(40));
            using KernelBuffer<float> centroids = new(Values.Reals(count * dimension, i), placement), x = new(
                Values.Reals(points * dimension, i + 1), placement);
            using KernelBuffer<float> directions = new(Values.Reals(points * dimension, i + 2), placement), scores = new(points, placement);
            using KernelBuffer<int> nearest = new(points, placement), second = new(points, placement);
            Find<GemmPortable>();
            Find<GemmAvx2>();
            Find<GemmAvx512>();

            void Find<TKernel>()
                where TKernel : struct, IGemmKernel
            {
                if (KernelSelection.IsSupported(TKernel.InstructionSet))
                {
                    var panels = CentroidPanels.Pack<TKernel>(centroids.Values, dimension);
                    NearestCentroid.Find<TKernel>(panels, x.Values, nearest.Values, scores.Values);
                    SpillCentroid.Find<TKernel>(panels, x.Values, directions.Values, 1.5f, nearest.Values, second.Values);
                }
            }
        }
    }

    private static IEnumerable<(T Variant, int Length, Placement Placement)> Cases<T>(T[] variants, Func<T, InstructionSet> instructionSet) =>
        from variant in variants
        where KernelSelection.IsSupported(instructionSet(variant))
        from length in Enumerable.Range(0, LongestLength)
        from placement in Placements
        select (variant, length, placement);
}

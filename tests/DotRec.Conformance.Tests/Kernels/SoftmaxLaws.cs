using CsCheck;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class SoftmaxPortableLaws() : SoftmaxLaws(SoftmaxVariant.Of<GemmPortable, SoftmaxRowPortable>());

public sealed class SoftmaxAvx2Laws() : SoftmaxLaws(SoftmaxVariant.Of<GemmAvx2, SoftmaxRowAvx2>());

public sealed class SoftmaxAvx512Laws() : SoftmaxLaws(SoftmaxVariant.Of<GemmAvx512, SoftmaxRowAvx512>());

internal delegate double Softmax(in InBatchSoftmaxBatch batch, Span<float> queryGradient, Span<float> candidateGradient);

internal delegate double SharedSoftmax(in InBatchSoftmaxBatch batch, Span<float> queryGradient, Span<float> candidateGradient, Span<float> positiveGradient);

internal unsafe delegate float SoftmaxPass(float[] row, float maximum);

internal sealed record SoftmaxVariant(Type Kernel, InstructionSet InstructionSet, Softmax Compute, SharedSoftmax ComputeShared, SoftmaxPass Max, SoftmaxPass ExpSum)
{
    public static unsafe SoftmaxVariant Of<TKernel, TRow>()
        where TKernel : struct, IGemmKernel
        where TRow : struct, ISoftmaxRowKernel => new(
            typeof(TRow), TRow.InstructionSet,
            InBatchSoftmaxKernels.Compute<TKernel, TRow>,
            InBatchSoftmaxKernels.Compute<TKernel, TRow>,
            (row, _) =>
            {
                fixed (float* p = row)
                {
                    return TRow.Max(p, row.Length);
                }
            },
            (row, maximum) =>
            {
                fixed (float* p = row)
                {
                    return TRow.ExpSum(p, row.Length, maximum);
                }
            });
}

public abstract class SoftmaxLaws : KernelLaws
{
    private static readonly Gen<SoftmaxCase> Cases =
        Gen.Select(
            Gen.Int[1, 130], Gen.Int[0, 120], Gen.OneOf(Gen.Int[1, 40], Gen.Const(64)), Gen.Float[0.3f, 4f], Gen.Int[0, 31], Gen.Int[0, 1 << 20],
            SoftmaxCase.Random);

    private readonly SoftmaxVariant _variant;

    private protected SoftmaxLaws(SoftmaxVariant variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Fact]
    public void Loss_and_gradients_are_within_the_rounding_bound()
    {
        NeedsInstructionSet();
        Cases.Sample(
            batch =>
            {
                var expected = batch.Expected();
                float[] dq = new float[batch.Queries.Length], dc = new float[batch.Candidates.Length];
                dq.AsSpan().Fill(float.NaN);
                dc.AsSpan().Fill(float.NaN);
                var loss = _variant.Compute(batch.Batch, dq, dc);
                Assert.InRange(loss, expected.Loss - expected.LossBound, expected.Loss + expected.LossBound);
                Assert.Equal(loss, _variant.Compute(batch.Batch, [], []));
                Within(expected.QueryGradient, expected.QueryBound, dq);
                Within(expected.CandidateGradient, expected.CandidateBound, dc);
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void Positives_beside_shared_negatives_are_within_the_rounding_bound()
    {
        NeedsInstructionSet();
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 130], Gen.OneOf(Gen.Int[1, 40], Gen.Const(64)), Gen.Float[0.3f, 3f], Gen.Int[0, 7], Gen.Int[0, 1 << 20], SharedNegativesCase.Random).Sample(
            batch =>
            {
                var (expected, positive, positiveBound) = batch.Expected();
                float[] dq = new float[batch.Queries.Length], dc = new float[batch.Negatives.Length], dp = new float[batch.Positives.Length];
                dq.AsSpan().Fill(float.NaN);
                dc.AsSpan().Fill(float.NaN);
                dp.AsSpan().Fill(float.NaN);
                var loss = _variant.ComputeShared(batch.Batch, dq, dc, dp);
                Assert.InRange(loss, expected.Loss - expected.LossBound, expected.Loss + expected.LossBound);
                Assert.Equal(loss, _variant.ComputeShared(batch.Batch, [], [], []));
                Within(expected.QueryGradient, expected.QueryBound, dq);
                Within(expected.CandidateGradient, expected.CandidateBound, dc);
                Within(positive, positiveBound, dp);
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public void Distinct_candidates_with_counts_equal_repeats_left_out()
    {
        NeedsInstructionSet();
        const int Rows = 300, Items = 40, Dimension = 16;
        var random = new SeededRandom(8);
        var items = Values.Reals(Items * Dimension, 1);
        var positives = Enumerable.Range(0, Rows).Select(_ => random.NextInt(Items)).ToArray();
        var repeated = new SoftmaxCase(
            Rows, Rows, Dimension, 2f, Values.Reals(Rows * Dimension, 2), [.. positives.SelectMany(p => items.Skip(p * Dimension).Take(Dimension))])
        {
            Ids = positives,
        };
        var used = positives.Distinct().Order().ToArray();
        var distinct = new SoftmaxCase(Rows, used.Length, Dimension, 2f, repeated.Queries, [.. used.SelectMany(p => items.Skip(p * Dimension).Take(Dimension))])
        {
            Positives = [.. positives.Select(p => Array.BinarySearch(used, p))],
            ColumnBias = [.. used.Select(p => MathF.Log(positives.Count(q => q == p)))],
            PositiveBias = new float[used.Length],
        };
        float[] dq1 =
            new float[Rows * Dimension], dc1 = new float[Rows * Dimension], dq2 = new float[Rows * Dimension], dc2 = new float[used.Length * Dimension];
        var loss = _variant.Compute(repeated.Batch, dq1, dc1);
        Assert.Equal(loss, _variant.Compute(distinct.Batch, dq2, dc2), 1e-4 * loss);
        for (var i = 0; i < dq1.Length; i++)
        {
            Assert.Equal(dq1[i], dq2[i], 1e-4f);
        }

        // The gradient of an item is the sum over its repeats.
        for (var j = 0; j < used.Length; j++)
        {
            for (var k = 0; k < Dimension; k++)
            {
                var sum = Enumerable.Range(0, Rows).Where(i => positives[i] == used[j]).Sum(i => (double)dc1[(i * Dimension) + k]);
                Assert.Equal(sum, dc2[(j * Dimension) + k], 1e-3);
            }
        }
    }

    [Fact]
    public void A_logit_that_was_left_out_cannot_make_the_others_vanish()
    {
        NeedsInstructionSet();

        // Candidate 1 holds the positive's item and scores 500 above everything: left out, the loss must be that of the other two.
        var batch = new SoftmaxCase(1, 3, 1, 1f, [1f], [2f, 500f, 1f]) { Ids = [7, 7, 8] };
        float[] dq = new float[1], dc = new float[3];
        var loss = _variant.Compute(batch.Batch, dq, dc);
        Assert.Equal(Math.Log(1 + Math.Exp(-1)), loss, 1e-6);
        Assert.Equal(0f, dc[1]);

        // The same with the positive beside its negatives.
        var shared = new SharedNegativesCase(1, 2, 1, 1f, [1f], [2f], [500f, 1f]) { LeftOut = [0] };
        Assert.Equal(Math.Log(1 + Math.Exp(-1)), _variant.ComputeShared(shared.Batch, dq, new float[2], new float[1]), 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_anywhere_makes_the_loss_not_finite(float bad)
    {
        NeedsInstructionSet();
        const int Rows = 70, Columns = 110, Dimension = 5;
        for (var at = 0; at < Rows; at += 3)
        {
            foreach (var place in new[] { "query", "positive", "weight" })
            {
                var batch = SoftmaxCase.Random(Rows, Columns - Rows, Dimension, 1f, 8, at);
                (place == "query" ? batch.Queries : place == "positive" ? batch.Candidates : batch.Weights)[at] = bad;
                Assert.False(
                    double.IsFinite(_variant.Compute(batch.Batch, new float[Rows * Dimension], new float[Columns * Dimension])), $"{bad} in {place} {at}");
            }
        }

        if (!float.IsNegativeInfinity(bad))
        {
            // Any column counts: the last one stands beside the padding.
            var batch = SoftmaxCase.Random(Rows, Columns - Rows, Dimension, 1f, 2, 1);
            batch.ColumnBias[^1] = bad;
            Assert.False(double.IsFinite(_variant.Compute(batch.Batch, [], [])));
        }
    }

    [Fact]
    public void A_column_bias_of_negative_infinity_leaves_the_column_out()
    {
        NeedsInstructionSet();
        var all = SoftmaxCase.Random(20, 30, 8, 1f, 2, 5);
        var without = all with { ColumnBias = [.. all.ColumnBias.Select((bias, j) => j == 33 ? float.NegativeInfinity : bias)] };
        float[] dq = new float[20 * 8], dc = new float[50 * 8];
        Assert.True(double.IsFinite(_variant.Compute(without.Batch, dq, dc)));
        Assert.All(dc.Skip(33 * 8).Take(8), value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Exponentials_are_within_two_units_in_the_last_place()
    {
        NeedsInstructionSet();
        var random = new SeededRandom(3);
        var row = Enumerable.Range(0, 96 * 400).Select(i => i % 96 == 0 ? 0f : (float)(-87 * Math.Pow(random.NextDouble(), 2))).ToArray();
        var result = row.ToArray();
        var sum = _variant.ExpSum(result, 0);
        for (var i = 0; i < row.Length; i++)
        {
            var exact = Math.Exp(row[i]);
            Assert.True(Math.Abs(result[i] - exact) <= 4 * Rounding.UnitRoundoff * exact, $"exp({row[i]})");
        }

        Assert.Equal(row.Sum(x => Math.Exp(x)), sum, 1e-3 * sum);
    }

    [Fact]
    public void Row_passes_treat_special_values_as_their_contract_says()
    {
        NeedsInstructionSet();
        float[] row = [.. Enumerable.Repeat(-1f, 96)];
        (row[5], row[95], row[40]) = (float.NegativeInfinity, 3f, -88f);
        Assert.Equal(3f, _variant.Max(row, 0));
        _variant.ExpSum(row, 3f);
        Assert.Equal((0f, 1f, 0f), (row[5], row[95], row[40]));
        row[17] = float.NaN;
        Assert.True(float.IsNaN(_variant.ExpSum(row, 0)));
    }

    private static void Within(double[] expected, double[] bound, float[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= bound[i] + 1e-30, $"value {i}: {actual[i]}, expected {expected[i]} ± {bound[i]}");
        }
    }
}

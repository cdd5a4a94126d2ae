using CsCheck;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class AttentionPortableLaws() : AttentionLaws(AttentionVariant.Of<GemmPortable, SoftmaxRowPortable>());

public sealed class AttentionAvx2Laws() : AttentionLaws(AttentionVariant.Of<GemmAvx2, SoftmaxRowAvx2>());

public sealed class AttentionAvx512Laws() : AttentionLaws(AttentionVariant.Of<GemmAvx512, SoftmaxRowAvx512>());

internal delegate void Attention(in CausalAttentionBatch batch, Span<float> output, Span<float> logSums);

internal delegate void AttentionGradient(
    in CausalAttentionBatch batch, ReadOnlySpan<float> output, ReadOnlySpan<float> logSums, ReadOnlySpan<float> outputGradient, Span<float> gradient);

internal sealed record AttentionVariant(Type Kernel, InstructionSet InstructionSet, Attention Compute, AttentionGradient Differentiate)
{
    public static AttentionVariant Of<TKernel, TRow>()
        where TKernel : struct, IGemmKernel
        where TRow : struct, ISoftmaxRowKernel =>
        new(typeof(TRow), TRow.InstructionSet, CausalAttentionKernels.Compute<TKernel, TRow>, CausalAttentionKernels.Differentiate<TKernel, TRow>);
}

public abstract class AttentionLaws : KernelLaws
{
    // Lengths around those of tiles and groups, many short ones, and none.
    private static readonly Gen<AttentionCase> Cases = Gen.Select(
        Gen.OneOf(Gen.Int[0, 9].Array[0, 40], Gen.Int[0, 70].Array[1, 6], Gen.Int[90, 230].Array[1, 3]),
        Gen.OneOf(Gen.Int[1, 40], Gen.Const(64)),
        Gen.Int[1, 3],
        Gen.Double[0.1, 1.5],
        Gen.Int[0, 1 << 20],
        AttentionCase.Random);

    private readonly AttentionVariant _variant;

    private protected AttentionLaws(AttentionVariant variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Fact]
    public void Values_and_gradients_are_within_the_rounding_bound()
    {
        NeedsInstructionSet();
        Cases.Sample(
            batch =>
            {
                var expected = batch.Expected();
                var (output, logSums, gradient) = Run(batch);
                Within("output", expected.Output, expected.OutputBound, output);
                Within("log sum", expected.LogSums, expected.LogSumBounds, logSums);
                Within("gradient", expected.Gradient, expected.GradientBound, gradient);
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void With_dropout_they_are_those_of_the_weights_that_are_left()
    {
        NeedsInstructionSet();
        Gen.Select(Cases, Gen.Int[1, 9].Select(tenths => tenths * 0.1f), Gen.ULong).Sample(
            (plain, rate, seed) =>
            {
                var batch = plain with { Dropout = new AttentionDropout(rate, seed) };
                var expected = batch.Expected();
                var (output, logSums, gradient) = Run(batch);
                Within("output", expected.Output, expected.OutputBound, output);
                Within("log sum", expected.LogSums, expected.LogSumBounds, logSums);
                Within("gradient", expected.Gradient, expected.GradientBound, gradient);
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public void Dropout_leaves_the_share_out_that_it_says_and_keeps_the_mean()
    {
        var factors = new float[100_000];
        new AttentionDropout(0.3f, 5).Draw(position: 7, head: 1, heads: 2, factors);
        Assert.Equal(0.3, factors.Count(factor => factor == 0) / 1e5, 0.01);
        Assert.Equal(1, factors.Average(), 0.01);
        var again = new float[37];
        new AttentionDropout(0.3f, 5).Draw(7, 1, 2, again);
        Assert.Equal(factors[..37], again);
    }

    [Fact]
    public void A_position_sees_nothing_behind_it_and_nothing_of_other_sequences()
    {
        NeedsInstructionSet();
        var all = AttentionCase.Random([40, 30, 130, 5], 8, 2, 1, 3);
        var (before, _, _) = Run(all);

        // Everything from position 100 on (inside the third sequence) is replaced.
        var changed = all with { Inputs = [.. all.Inputs.Select((value, i) => i / (3 * all.Dimension) < 100 ? value : -3 * value)] };
        var (after, _, _) = Run(changed);
        Assert.Equal(before.AsSpan(0, 100 * all.Dimension).ToArray(), after.AsSpan(0, 100 * all.Dimension).ToArray());
        Assert.NotEqual(before.AsSpan(100 * all.Dimension, all.Dimension).ToArray(), after.AsSpan(100 * all.Dimension, all.Dimension).ToArray());

        // And the last sequence alone gives what it gave in the batch.
        var alone = new AttentionCase(all.Dimension, all.Heads, [0, 5], all.Inputs[^(5 * 3 * all.Dimension)..], all.OutputGradient[^(5 * all.Dimension)..]);
        var expected = Run(all).Gradient[^(5 * 3 * all.Dimension)..];
        Assert.Equal(expected, Run(alone).Gradient, (x, y) => MathF.Abs(x - y) <= 1e-5f);
    }

    [Fact]
    public void The_first_position_of_a_sequence_gives_its_own_value()
    {
        NeedsInstructionSet();
        var batch = AttentionCase.Random([1, 3, 0, 60], 5, 1, 2, 9);
        var (output, _, _) = Run(batch);
        foreach (var first in new[] { 0, 1, 4 })
        {
            Assert.Equal(batch.Inputs.AsSpan((first * 15) + 10, 5).ToArray(), output.AsSpan(first * 5, 5).ToArray(), (x, y) => MathF.Abs(x - y) < 1e-6f);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_value_that_is_not_finite_surfaces(float bad)
    {
        NeedsInstructionSet();
        for (var part = 0; part < 3; part++)
        {
            var batch = AttentionCase.Random([50, 40], 6, 1, 1, 4);
            batch.Inputs[(10 * 18) + (part * 6)] = bad;
            Assert.Contains(Run(batch).Output, value => !float.IsFinite(value));
        }
    }

    private (float[] Output, float[] LogSums, float[] Gradient) Run(AttentionCase batch)
    {
        float[] output = new float[batch.Positions * batch.Dimension], logSums = new float[batch.Positions * batch.Heads], gradient = new float[batch.Inputs.Length];
        output.AsSpan().Fill(float.NaN);
        gradient.AsSpan().Fill(float.NaN);
        _variant.Compute(batch.Batch, output, logSums);
        _variant.Differentiate(batch.Batch, output, logSums, batch.OutputGradient, gradient);
        return (output, logSums, gradient);
    }

    private static void Within(string what, double[] expected, double[] bound, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= bound[i] + 1e-30, $"{what} {i}: {actual[i]}, expected {expected[i]} ± {bound[i]}");
        }
    }
}

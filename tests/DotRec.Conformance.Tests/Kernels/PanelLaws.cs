using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class PanelPortableLaws() : PanelLaws(PanelVariant.Of<PanelPortable>());

public sealed class PanelAvx2Laws() : PanelLaws(PanelVariant.Of<PanelAvx2>());

public sealed class PanelAvx512Laws() : PanelLaws(PanelVariant.Of<PanelAvx512>());

internal unsafe delegate ulong PanelScoreOne(float* query, int dimension, float* panel, float* scales, float threshold, float* scores);

internal unsafe delegate void PanelScoreFour(float* queries, int dimension, float* panel, float* scales, float* thresholds, float* scores, ulong* above);

/// <summary>Score functions in the order dot, scaled dot, negated squared L2.</summary>
internal sealed record PanelVariant(Type Kernel, InstructionSet InstructionSet, PanelScoreOne[] One, PanelScoreFour[] Four)
{
    public static unsafe PanelVariant Of<TKernel>()
        where TKernel : struct, IPanelKernel => new(
            typeof(TKernel), TKernel.InstructionSet,
            [TKernel.ScoreOne<DotScore>, TKernel.ScoreOne<ScaledDotScore>, TKernel.ScoreOne<NegatedSquaredL2Score>],
            [TKernel.ScoreFour<DotScore>, TKernel.ScoreFour<ScaledDotScore>, TKernel.ScoreFour<NegatedSquaredL2Score>]);
}

public abstract class PanelLaws : KernelLaws
{
    private static readonly int[] Dimensions = [1, 2, 3, 4, 5, 7, 16, 31, 64, 129];
    private readonly PanelVariant _variant;

    private protected PanelLaws(PanelVariant variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_score_is_one_chain_of_multiply_adds_bit_for_bit(int function)
    {
        NeedsInstructionSet();
        foreach (var dimension in Dimensions)
        {
            PanelCase.Random(function, dimension).Check(_variant);
        }
    }

    [Fact]
    public void A_score_equal_to_the_threshold_is_not_above_it()
    {
        NeedsInstructionSet();
        var panel = new float[64];
        panel.AsSpan().Fill(2f);
        panel[63] = 3f;
        var equal = new PanelCase(0, 1, [1f, 1f, 1f, 1f], panel, panel, [2f, 2f, 2f, 2f]);
        Assert.Equal(1UL << 63, equal.One(_variant, Placement.CacheLine).Above);
        Assert.All(equal.Four(_variant, Placement.CacheLine).Above, above => Assert.Equal(1UL << 63, above));
    }

    [Fact]
    public void Packing_transposes_and_fills_up_with_zeros()
    {
        NeedsInstructionSet();
        foreach (var rows in new[] { 0, 1, 5, 63, 64 })
        {
            var (values, panel) = (Values.Reals(rows * 3, rows), Values.Reals(3 * 64, 9));
            PanelKernels.Pack(values, 3, panel);
            Assert.All(Enumerable.Range(0, 3 * 64), i => Assert.Equal(i % 64 < rows ? values[(i % 64 * 3) + (i / 64)] : 0, panel[i]));
            var sums = new double[64];
            PanelKernels.SquaredLengths(panel, sums);
            Assert.All(
                Enumerable.Range(0, rows), row => Assert.Equal(values.AsSpan(row * 3, 3).ToArray().Sum(value => (double)value * value), sums[row], 1e-15));
        }
    }
}

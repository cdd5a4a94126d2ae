using System.Runtime.InteropServices;
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

public abstract unsafe class PanelLaws : KernelLaws
{
    private const float Mark = 12345f;
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
            var (queries, panel, scales) = (Values.Reals(4 * dimension, 1), Values.Reals(64 * dimension, 2), Values.Reals(64, 3));
            var (one, four) = (Run(function, dimension, queries, panel, scales, 0.1f, 1), Run(function, dimension, queries, panel, scales, 0.1f, 4));
            for (var query = 0; query < 4; query++)
            {
                var expected = Enumerable.Range(0, 64).Select(row => Chain(function, dimension, queries, query, panel, scales, row)).ToArray();
                Assert.Equal(expected, four.Scores[(query * 64)..((query + 1) * 64)]);
                var above = expected.Select((score, row) => score > 0.1f ? 1UL << row : 0).Aggregate((x, y) => x | y);
                Assert.Equal(above, four.Above[query]);
                if (query == 0)
                {
                    Assert.Equal(expected, one.Scores[..64]);
                    Assert.Equal(above, one.Above[0]);
                }
            }

            Assert.All(one.Scores[64..], score => Assert.Equal(Mark, score));
        }
    }

    [Fact]
    public void A_score_equal_to_the_threshold_is_not_above_it()
    {
        NeedsInstructionSet();
        var panel = new float[64];
        panel.AsSpan().Fill(2f);
        panel[63] = 3f;
        Assert.Equal(1UL << 63, Run(0, 1, [1f, 1f, 1f, 1f], panel, panel, 2f, 1).Above[0]);
        Assert.All(Run(0, 1, [1f, 1f, 1f, 1f], panel, panel, 2f, 4).Above, above => Assert.Equal(1UL << 63, above));
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
            Assert.All(Enumerable.Range(0, rows), row => Assert.Equal(values.AsSpan(row * 3, 3).ToArray().Sum(value => (double)value * value), sums[row], 1e-15));
        }
    }

    private static float Chain(int function, int dimension, float[] queries, int query, float[] panel, float[] scales, int row)
    {
        var sum = 0f;
        for (var j = 0; j < dimension; j++)
        {
            var (q, x) = (queries[(query * dimension) + j], panel[(j * 64) + row]);
            sum = function < 2 ? float.MultiplyAddEstimate(q, x, sum) : float.MultiplyAddEstimate(q - x, q - x, sum);
        }

        return function switch { 0 => sum, 1 => sum * scales[row], _ => 0 - sum };
    }

    private (float[] Scores, ulong[] Above) Run(int function, int dimension, float[] queries, float[] panel, float[] scales, float threshold, int queryCount)
    {
        var aligned = (float*)NativeMemory.AlignedAlloc((nuint)(panel.Length + scales.Length + 256) * sizeof(float), 64);
        try
        {
            panel.CopyTo(new Span<float>(aligned, panel.Length));
            scales.CopyTo(new Span<float>(aligned + panel.Length, scales.Length));
            var scores = new Span<float>(aligned + panel.Length + scales.Length, 256);
            scores.Fill(Mark);
            var above = new ulong[4];
            float[] thresholds = [threshold, threshold, threshold, threshold];
            fixed (float* query = queries)
            fixed (float* limit = thresholds)
            fixed (ulong* rows = above)
            fixed (float* score = scores)
            {
                if (queryCount == 1)
                {
                    above[0] = _variant.One[function](query, dimension, aligned, aligned + panel.Length, threshold, score);
                }
                else
                {
                    _variant.Four[function](query, dimension, aligned, aligned + panel.Length, limit, score, rows);
                }
            }

            return (scores.ToArray(), above);
        }
        finally
        {
            NativeMemory.AlignedFree(aligned);
        }
    }
}

using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>Four queries and a panel, and the scores that plain multiply-adds give.</summary>
/// <param name="Function">The score: 0 dot, 1 scaled dot, 2 negated squared L2.</param>
/// <param name="Dimension">D.</param>
/// <param name="Queries">[4, D].</param>
/// <param name="Panel">[D, 64].</param>
/// <param name="Scales">[64].</param>
/// <param name="Thresholds">[4].</param>
internal sealed unsafe record PanelCase(int Function, int Dimension, float[] Queries, float[] Panel, float[] Scales, float[] Thresholds)
{
    private const int Rows = PanelKernels.Rows;

    public static PanelCase Random(int function, int dimension) => new(
        function,
        dimension,
        Values.Reals(PanelKernels.Queries * dimension, 1),
        Values.Reals(Rows * dimension, 2),
        Values.Reals(Rows, 3),
        [0.1f, -0.2f, float.NegativeInfinity, -1f]);

    public void Check(PanelVariant variant, Placement placement = Placement.CacheLine)
    {
        var (one, four) = (One(variant, placement), Four(variant, placement));
        for (var query = 0; query < PanelKernels.Queries; query++)
        {
            var expected = Enumerable.Range(0, Rows).Select(row => Chain(query, row)).ToArray();
            var above = expected.Select((score, row) => score > Thresholds[query] ? 1UL << row : 0).Aggregate((x, y) => x | y);
            Assert.Equal(expected, four.Scores[(query * Rows)..((query + 1) * Rows)]);
            Assert.Equal(above, four.Above[query]);
            if (query == 0)
            {
                Assert.Equal(expected, one.Scores);
                Assert.Equal(above, one.Above);
            }
        }
    }

    public (float[] Scores, ulong Above) One(PanelVariant variant, Placement placement)
    {
        using KernelBuffer<float> query = new(Queries.AsSpan(0, Dimension), placement), panel = new(Panel, placement), scales = new(Scales, placement);
        using KernelBuffer<float> scores = new(Rows, placement);
        var above = variant.One[Function](query.Pointer, Dimension, panel.Pointer, scales.Pointer, Thresholds[0], scores.Pointer);
        return (scores.Values.ToArray(), above);
    }

    public (float[] Scores, ulong[] Above) Four(PanelVariant variant, Placement placement)
    {
        using KernelBuffer<float> queries = new(Queries, placement), panel = new(Panel, placement), scales = new(Scales, placement);
        using KernelBuffer<float> thresholds = new(Thresholds, placement), scores = new(PanelKernels.Queries * Rows, placement);
        using KernelBuffer<ulong> above = new(PanelKernels.Queries, placement);
        variant.Four[Function](queries.Pointer, Dimension, panel.Pointer, scales.Pointer, thresholds.Pointer, scores.Pointer, above.Pointer);
        return (scores.Values.ToArray(), above.Values.ToArray());
    }

    private float Chain(int query, int row)
    {
        var sum = 0f;
        for (var j = 0; j < Dimension; j++)
        {
            var (q, x) = (Queries[(query * Dimension) + j], Panel[(j * Rows) + row]);
            sum = Function < 2 ? float.MultiplyAddEstimate(q, x, sum) : float.MultiplyAddEstimate(q - x, q - x, sum);
        }

        return Function switch { 0 => sum, 1 => sum * Scales[row], _ => 0 - sum };
    }
}

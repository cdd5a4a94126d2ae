using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>512-bit vectors: a panel component is four registers; four queries keep 16 sums in registers.</summary>
internal readonly unsafe struct PanelAvx512 : IPanelKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong ScoreOne<TScore>(float* query, int dimension, float* panel, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore
    {
        var (s0, s1, s2, s3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var rows = panel;
        for (var j = 0; j < dimension; j++, rows += PanelKernels.Rows)
        {
            var q = Vector512.Create(query[j]);
            s0 = TScore.Add(q, Vector512.Load(rows), s0);
            s1 = TScore.Add(q, Vector512.Load(rows + Vector512<float>.Count), s1);
            s2 = TScore.Add(q, Vector512.Load(rows + (2 * Vector512<float>.Count)), s2);
            s3 = TScore.Add(q, Vector512.Load(rows + (3 * Vector512<float>.Count)), s3);
        }

        return Finish<TScore>(s0, s1, s2, s3, 0, scales, threshold, scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScoreFour<TScore>(
        float* queries, int dimension, float* panel, float* scales, float* thresholds, float* scores, ulong* above)
        where TScore : struct, IPanelScore
    {
        var (a0, a1, a2, a3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (b0, b1, b2, b3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (c0, c1, c2, c3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (d0, d1, d2, d3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var rows = panel;
        for (var j = 0; j < dimension; j++, rows += PanelKernels.Rows)
        {
            var x0 = Vector512.Load(rows);
            var x1 = Vector512.Load(rows + Vector512<float>.Count);
            var x2 = Vector512.Load(rows + (2 * Vector512<float>.Count));
            var x3 = Vector512.Load(rows + (3 * Vector512<float>.Count));
            var a = Vector512.Create(queries[j]);
            a0 = TScore.Add(a, x0, a0);
            a1 = TScore.Add(a, x1, a1);
            a2 = TScore.Add(a, x2, a2);
            a3 = TScore.Add(a, x3, a3);
            var b = Vector512.Create(queries[dimension + j]);
            b0 = TScore.Add(b, x0, b0);
            b1 = TScore.Add(b, x1, b1);
            b2 = TScore.Add(b, x2, b2);
            b3 = TScore.Add(b, x3, b3);
            var c = Vector512.Create(queries[(2 * dimension) + j]);
            c0 = TScore.Add(c, x0, c0);
            c1 = TScore.Add(c, x1, c1);
            c2 = TScore.Add(c, x2, c2);
            c3 = TScore.Add(c, x3, c3);
            var d = Vector512.Create(queries[(3 * dimension) + j]);
            d0 = TScore.Add(d, x0, d0);
            d1 = TScore.Add(d, x1, d1);
            d2 = TScore.Add(d, x2, d2);
            d3 = TScore.Add(d, x3, d3);
        }

        above[0] = Finish<TScore>(a0, a1, a2, a3, 0, scales, thresholds[0], scores);
        above[1] = Finish<TScore>(b0, b1, b2, b3, 0, scales, thresholds[1], scores + PanelKernels.Rows);
        above[2] = Finish<TScore>(c0, c1, c2, c3, 0, scales, thresholds[2], scores + (2 * PanelKernels.Rows));
        above[3] = Finish<TScore>(d0, d1, d2, d3, 0, scales, thresholds[3], scores + (3 * PanelKernels.Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish<TScore>(
        Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, int first, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore =>
        Finish<TScore>(s0, first, scales, threshold, scores) |
        Finish<TScore>(s1, first + Vector512<float>.Count, scales, threshold, scores) |
        Finish<TScore>(s2, first + (2 * Vector512<float>.Count), scales, threshold, scores) |
        Finish<TScore>(s3, first + (3 * Vector512<float>.Count), scales, threshold, scores);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish<TScore>(Vector512<float> sum, int first, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore
    {
        var score = TScore.Finish(sum, scales + first);
        score.Store(scores + first);
        return (ulong)Vector512.GreaterThan(score, Vector512.Create(threshold)).ExtractMostSignificantBits() << first;
    }
}

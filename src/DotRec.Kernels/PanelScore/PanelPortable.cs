using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>128-bit portable vectors. Without a fused multiply-add the products are rounded before they are added: scores then differ in their last bits.</summary>
internal readonly unsafe struct PanelPortable : IPanelKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Portable;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong ScoreOne<TScore>(float* query, int dimension, float* panel, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore
    {
        var above = 0UL;
        for (var first = 0; first < PanelKernels.Rows; first += 4 * Vector128<float>.Count)
        {
            var (s0, s1, s2, s3) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
            var rows = panel + first;
            for (var j = 0; j < dimension; j++, rows += PanelKernels.Rows)
            {
                var q = Vector128.Create(query[j]);
                s0 = TScore.Add(q, Vector128.Load(rows), s0);
                s1 = TScore.Add(q, Vector128.Load(rows + Vector128<float>.Count), s1);
                s2 = TScore.Add(q, Vector128.Load(rows + (2 * Vector128<float>.Count)), s2);
                s3 = TScore.Add(q, Vector128.Load(rows + (3 * Vector128<float>.Count)), s3);
            }

            above |= Finish<TScore>(s0, s1, s2, s3, first, scales, threshold, scores);
        }

        return above;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScoreFour<TScore>(
        float* queries, int dimension, float* panel, float* scales, float* thresholds, float* scores, ulong* above)
        where TScore : struct, IPanelScore
    {
        new Span<ulong>(above, PanelKernels.Queries).Clear();
        for (var first = 0; first < PanelKernels.Rows; first += 2 * Vector128<float>.Count)
        {
            var (a0, a1) = (Vector128<float>.Zero, Vector128<float>.Zero);
            var (b0, b1) = (Vector128<float>.Zero, Vector128<float>.Zero);
            var (c0, c1) = (Vector128<float>.Zero, Vector128<float>.Zero);
            var (d0, d1) = (Vector128<float>.Zero, Vector128<float>.Zero);
            var rows = panel + first;
            for (var j = 0; j < dimension; j++, rows += PanelKernels.Rows)
            {
                var x0 = Vector128.Load(rows);
                var x1 = Vector128.Load(rows + Vector128<float>.Count);
                var a = Vector128.Create(queries[j]);
                a0 = TScore.Add(a, x0, a0);
                a1 = TScore.Add(a, x1, a1);
                var b = Vector128.Create(queries[dimension + j]);
                b0 = TScore.Add(b, x0, b0);
                b1 = TScore.Add(b, x1, b1);
                var c = Vector128.Create(queries[(2 * dimension) + j]);
                c0 = TScore.Add(c, x0, c0);
                c1 = TScore.Add(c, x1, c1);
                var d = Vector128.Create(queries[(3 * dimension) + j]);
                d0 = TScore.Add(d, x0, d0);
                d1 = TScore.Add(d, x1, d1);
            }

            above[0] |= Finish<TScore>(a0, a1, first, scales, thresholds[0], scores);
            above[1] |= Finish<TScore>(b0, b1, first, scales, thresholds[1], scores + PanelKernels.Rows);
            above[2] |= Finish<TScore>(c0, c1, first, scales, thresholds[2], scores + (2 * PanelKernels.Rows));
            above[3] |= Finish<TScore>(d0, d1, first, scales, thresholds[3], scores + (3 * PanelKernels.Rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish<TScore>(
        Vector128<float> s0, Vector128<float> s1, Vector128<float> s2, Vector128<float> s3, int first, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore =>
        Finish<TScore>(s0, first, scales, threshold, scores) |
        Finish<TScore>(s1, first + Vector128<float>.Count, scales, threshold, scores) |
        Finish<TScore>(s2, first + (2 * Vector128<float>.Count), scales, threshold, scores) |
        Finish<TScore>(s3, first + (3 * Vector128<float>.Count), scales, threshold, scores);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish<TScore>(
        Vector128<float> s0, Vector128<float> s1, int first, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore =>
        Finish<TScore>(s0, first, scales, threshold, scores) |
        Finish<TScore>(s1, first + Vector128<float>.Count, scales, threshold, scores);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish<TScore>(Vector128<float> sum, int first, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore
    {
        var score = TScore.Finish(sum, scales + first);
        score.Store(scores + first);
        return (ulong)Vector128.GreaterThan(score, Vector128.Create(threshold)).ExtractMostSignificantBits() << first;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<float>;
using Vec = System.Runtime.Intrinsics.Vector128;

namespace DotRec.Kernels;

/// <summary>
/// 128-bit portable vectors. Without a fused multiply-add the products are rounded before they are added: scores then differ in their last bits.
/// </summary>
internal readonly unsafe struct PanelPortable : IPanelKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Portable;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong ScoreOne<TScore>(float* query, int dimension, float* panel, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore
    {
        var above = 0UL;
        for (var first = 0; first < PanelKernels.Rows; first += 4 * V.Count)
        {
            var (s0, s1, s2, s3) = (V.Zero, V.Zero, V.Zero, V.Zero);
            var rows = panel + first;
            for (var j = 0; j < dimension; j++, rows += PanelKernels.Rows)
            {
                var q = Vec.Create(query[j]);
                s0 = TScore.Add(q, Vec.Load(rows), s0);
                s1 = TScore.Add(q, Vec.Load(rows + V.Count), s1);
                s2 = TScore.Add(q, Vec.Load(rows + (2 * V.Count)), s2);
                s3 = TScore.Add(q, Vec.Load(rows + (3 * V.Count)), s3);
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
        for (var first = 0; first < PanelKernels.Rows; first += 2 * V.Count)
        {
            var (a0, a1) = (V.Zero, V.Zero);
            var (b0, b1) = (V.Zero, V.Zero);
            var (c0, c1) = (V.Zero, V.Zero);
            var (d0, d1) = (V.Zero, V.Zero);
            var rows = panel + first;
            for (var j = 0; j < dimension; j++, rows += PanelKernels.Rows)
            {
                var x0 = Vec.Load(rows);
                var x1 = Vec.Load(rows + V.Count);
                var a = Vec.Create(queries[j]);
                a0 = TScore.Add(a, x0, a0);
                a1 = TScore.Add(a, x1, a1);
                var b = Vec.Create(queries[dimension + j]);
                b0 = TScore.Add(b, x0, b0);
                b1 = TScore.Add(b, x1, b1);
                var c = Vec.Create(queries[(2 * dimension) + j]);
                c0 = TScore.Add(c, x0, c0);
                c1 = TScore.Add(c, x1, c1);
                var d = Vec.Create(queries[(3 * dimension) + j]);
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
        V s0, V s1, V s2, V s3, int first, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore =>
        Finish<TScore>(s0, first, scales, threshold, scores) |
        Finish<TScore>(s1, first + V.Count, scales, threshold, scores) |
        Finish<TScore>(s2, first + (2 * V.Count), scales, threshold, scores) |
        Finish<TScore>(s3, first + (3 * V.Count), scales, threshold, scores);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish<TScore>(
        V s0, V s1, int first, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore =>
        Finish<TScore>(s0, first, scales, threshold, scores) |
        Finish<TScore>(s1, first + V.Count, scales, threshold, scores);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish<TScore>(V sum, int first, float* scales, float threshold, float* scores)
        where TScore : struct, IPanelScore
    {
        var score = TScore.Finish(sum, scales + first);
        score.Store(scores + first);
        return (ulong)Vec.GreaterThan(score, Vec.Create(threshold)).ExtractMostSignificantBits() << first;
    }
}

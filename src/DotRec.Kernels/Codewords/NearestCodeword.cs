using System.Numerics;

namespace DotRec.Kernels;

/// <summary>
/// The nearest of 16 codewords for many points. A vector lane is a point, so that nothing is compared across lanes and answers do not depend on the
/// vector width.
/// </summary>
internal static class NearestCodeword
{
    private const int Codewords = PackedLookup.Codewords;

    /// <summary>Finds for each point the codeword of least squared distance; of equals the lowest, and the first where no distance is a number.</summary>
    /// <param name="points">[width, N]: component after component, N a multiple of the lanes of a vector.</param>
    /// <param name="codewords">[16, width].</param>
    /// <param name="nearest">[N], written.</param>
    public static void Find<TWidth>(ReadOnlySpan<float> points, ReadOnlySpan<float> codewords, Span<int> nearest)
        where TWidth : struct, IBlockWidth
    {
        Require.Matrix(points, TWidth.Value, nearest.Length);
        Require.Matrix(codewords, Codewords, TWidth.Value);
        for (var first = 0; first < nearest.Length; first += Vector<float>.Count)
        {
            var point = BlockVectors.Load<TWidth>(points[first..], nearest.Length);
            var best = new Vector<float>(float.PositiveInfinity);
            var chosen = Vector<int>.Zero;
            for (var codeword = 0; codeword < Codewords; codeword++)
            {
                var difference = point.Minus(BlockVectors.Broadcast<TWidth>(codewords[(TWidth.Value * codeword)..]));
                var distance = difference.Dot<TWidth>(difference);
                var nearer = Vector.LessThan(distance, best);
                best = Vector.ConditionalSelect(nearer, distance, best);
                chosen = Vector.ConditionalSelect(nearer, new Vector<int>(codeword), chosen);
            }

            chosen.CopyTo(nearest[first..]);
        }
    }
}

using System.Numerics;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

[Trait(KernelLaws.TraitName, KernelLaws.TraitValue)]
public sealed class NearestCodewordLaws
{
    private const int Codewords = PackedLookup.Codewords;

    private delegate void Find(ReadOnlySpan<float> points, ReadOnlySpan<float> codewords, Span<int> nearest);

    [Fact]
    public void Of_whole_numbers_it_is_the_first_that_is_nearest()
    {
        // Few different values, so that many distances are equal.
        foreach (var (width, vectors, find) in Cases())
        {
            float[] points = Small(width * Count(vectors), 1), codewords = Small(Codewords * width, 2);
            var nearest = Nearest(find, points, codewords, Count(vectors));
            var expected = Enumerable.Range(0, Count(vectors)).Select(point => Distances(points, codewords, width, point)).Select(
                distances => Array.IndexOf(distances, distances.Min()));
            Assert.Equal(expected, nearest);
        }
    }

    [Fact]
    public void No_other_is_nearer_than_rounding_can_tell()
    {
        foreach (var (width, vectors, find) in Cases())
        {
            float[] points = Values.Reals(width * Count(vectors), vectors), codewords = Values.Reals(Codewords * width, vectors + 1);
            var nearest = Nearest(find, points, codewords, Count(vectors));
            for (var point = 0; point < nearest.Length; point++)
            {
                var distances = Distances(points, codewords, width, point);
                Assert.InRange(distances[nearest[point]], 0, distances.Min() * (1 + Rounding.Gamma(4 * (width + 1))));
            }
        }
    }

    [Fact]
    public void A_point_that_is_no_number_is_nearest_to_the_first_and_lengths_must_fit()
    {
        foreach (var (width, vectors, find) in Cases())
        {
            var points = Enumerable.Repeat(float.NaN, width * Count(vectors)).ToArray();
            Assert.All(Nearest(find, points, Values.Reals(Codewords * width, 1), Count(vectors)), codeword => Assert.Equal(0, codeword));
            Assert.Throws<ArgumentException>(() => Nearest(find, points, new float[Codewords * width], Count(vectors) + 1));
            Assert.Throws<ArgumentException>(() => Nearest(find, points, new float[(Codewords * width) - 1], Count(vectors)));
        }
    }

    private static IEnumerable<(int Width, int Vectors, Find Find)> Cases()
    {
        (int Width, Find Find)[] widths =
            [(2, NearestCodeword.Find<BlockOfTwo>), (3, NearestCodeword.Find<BlockOfThree>), (4, NearestCodeword.Find<BlockOfFour>)];
        return from vectors in Enumerable.Range(1, 20) from each in widths select (each.Width, vectors, each.Find);
    }

    private static int Count(int vectors) => vectors * Vector<float>.Count;

    private static float[] Small(int length, int seed) => Array.ConvertAll(Values.Integers(length, seed), value => MathF.Round(value / 12));

    private static int[] Nearest(Find find, float[] points, float[] codewords, int count)
    {
        var nearest = new int[count];
        nearest.AsSpan().Fill(-1);
        find(points, codewords, nearest);
        return nearest;
    }

    private static double[] Distances(float[] points, float[] codewords, int width, int point)
    {
        var count = points.Length / width;
        return
        [
            .. from codeword in Enumerable.Range(0, Codewords)
               select (from j in Enumerable.Range(0, width)
                       let difference = (double)points[(j * count) + point] - codewords[(codeword * width) + j]
                       select difference * difference).Sum(),
        ];
    }
}

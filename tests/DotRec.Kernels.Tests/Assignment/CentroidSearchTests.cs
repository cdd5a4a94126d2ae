namespace DotRec.Kernels.Tests;

public sealed class CentroidSearchTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 33, 1)]
    [InlineData(5, 7, 2)]
    [InlineData(13, 100, 3)]
    [InlineData(40, 65, 50)]
    [InlineData(100, 31, 400)]
    public void Every_variant_finds_a_nearest_centroid(int centroidCount, int pointCount, int dimension)
    {
        var centroids = Draw(1, centroidCount * dimension);
        var points = Draw(2, pointCount * dimension);
        foreach (var (name, nearest, scores) in Variants(centroids, points, dimension))
        {
            for (var i = 0; i < pointCount; i++)
            {
                var distances = Enumerable.Range(0, centroidCount).Select(c => Distance(points, i, centroids, c, dimension)).ToArray();
                Assert.InRange(distances[nearest[i]], 0, distances.Min() + (1e-5 * dimension));
                var square = Distance(points, i, new float[dimension], 0, dimension);
                Assert.True(Math.Abs(square - (2 * scores[i]) - distances[nearest[i]]) < 1e-5 * dimension, $"{name}: {scores[i]}");
            }
        }
    }

    [Fact]
    public void Of_equal_centroids_the_lowest_is_found()
    {
        var centroids = Enumerable.Repeat(new[] { 1f, 2f, 3f }, 50).SelectMany(c => c).ToArray();
        foreach (var (_, nearest, _) in Variants(centroids, Draw(3, 3 * 70), 3))
        {
            Assert.All(nearest, row => Assert.Equal(0, row));
        }
    }

    [Fact]
    public void A_point_has_the_same_answer_alone_and_among_others()
    {
        float[] centroids = Draw(4, 77 * 20), points = Draw(5, 50 * 20);
        var panels = CentroidPanels.Pack(centroids, 20);
        var (all, allScores) = (new int[50], new float[50]);
        NearestCentroid.Find(panels, points, all, allScores);
        var (one, oneScore) = (new int[1], new float[1]);
        for (var i = 0; i < 50; i++)
        {
            NearestCentroid.Find(panels, points.AsSpan(i * 20, 20), one, oneScore);
            Assert.Equal((all[i], allScores[i]), (one[0], oneScore[0]));
        }
    }

    [Theory]
    [InlineData(2, 9, 1, 1f)]
    [InlineData(7, 40, 3, 1.5f)]
    [InlineData(60, 33, 24, 0f)]
    [InlineData(60, 33, 24, 4f)]
    public void Every_variant_finds_a_second_centroid_of_least_loss(int centroidCount, int pointCount, int dimension, float lambda)
    {
        float[] centroids = Draw(6, centroidCount * dimension), points = Draw(7, pointCount * dimension), directions = Draw(8, pointCount * dimension);
        var first = Enumerable.Range(0, pointCount).Select(i => i % centroidCount).ToArray();
        double Loss(int i, int c)
        {
            var along = 0.0;
            for (var j = 0; j < dimension; j++)
            {
                along += directions[(i * dimension) + j] * ((double)points[(i * dimension) + j] - centroids[(c * dimension) + j]);
            }

            return Distance(points, i, centroids, c, dimension) + (lambda * along * along);
        }

        foreach (var second in SpillVariants(centroids, points, directions, lambda, first, dimension))
        {
            for (var i = 0; i < pointCount; i++)
            {
                Assert.NotEqual(first[i], second[i]);
                var least = Enumerable.Range(0, centroidCount).Where(c => c != first[i]).Min(c => Loss(i, c));
                Assert.InRange(Loss(i, second[i]), 0, least + (1e-4 * (1 + least)));
            }
        }
    }

    private static IEnumerable<(string Name, int[] Nearest, float[] Scores)> Variants(float[] centroids, float[] points, int dimension)
    {
        var count = points.Length / dimension;
        (string, int[], float[]) Run<TKernel>()
            where TKernel : struct, IGemmKernel
        {
            var (nearest, scores) = (new int[count], new float[count]);
            NearestCentroid.Find<TKernel>(CentroidPanels.Pack<TKernel>(centroids, dimension), points, nearest, scores);
            return (typeof(TKernel).Name, nearest, scores);
        }

        yield return Run<GemmPortable>();
        if (KernelSelection.IsSupported(InstructionSet.Avx2))
        {
            yield return Run<GemmAvx2>();
        }

        if (KernelSelection.IsSupported(InstructionSet.Avx512))
        {
            yield return Run<GemmAvx512>();
        }
    }

    private static IEnumerable<int[]> SpillVariants(float[] centroids, float[] points, float[] directions, float lambda, int[] first, int dimension)
    {
        int[] Run<TKernel>()
            where TKernel : struct, IGemmKernel
        {
            var second = new int[first.Length];
            SpillCentroid.Find<TKernel>(CentroidPanels.Pack<TKernel>(centroids, dimension), points, directions, lambda, first, second);
            return second;
        }

        yield return Run<GemmPortable>();
        if (KernelSelection.IsSupported(InstructionSet.Avx2))
        {
            yield return Run<GemmAvx2>();
        }

        if (KernelSelection.IsSupported(InstructionSet.Avx512))
        {
            yield return Run<GemmAvx512>();
        }
    }

    private static double Distance(float[] x, int i, float[] y, int k, int dimension)
    {
        var sum = 0.0;
        for (var j = 0; j < dimension; j++)
        {
            var difference = (double)x[(i * dimension) + j] - y[(k * dimension) + j];
            sum += difference * difference;
        }

        return sum;
    }

    private static float[] Draw(ulong seed, int length)
    {
        var random = new SeededRandom(seed);
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = (2 * random.NextSingle()) - 1;
        }

        return values;
    }
}

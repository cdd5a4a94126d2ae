using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>K-means of a few points on one thread, begun by k-means++ (Arthur and Vassilvitskii 2007), which finds groups that are far apart.</summary>
/// <param name="points">[n, D], n at least the number of groups, about the origin.</param>
/// <param name="dimension">D.</param>
internal sealed class PointGroups(ReadOnlyMemory<float> points, int dimension)
{
    private readonly int _count = points.Length / dimension;

    /// <summary>Means of groups, [at most g, D].</summary>
    /// <param name="groups">g.</param>
    /// <param name="rounds">Rounds of Lloyd's.</param>
    /// <param name="random">Chooses the first means.</param>
    /// <param name="share">What is left of the squared lengths when the means are taken away, in 0 … 1.</param>
    public float[] Find(int groups, int rounds, SeededRandom random, out double share)
    {
        var means = Seed(groups, random);
        var (nearest, scores) = (new int[_count], new float[_count]);
        for (var round = 0; round < rounds; round++)
        {
            NearestCentroid.Find(CentroidPanels.Pack(means, dimension), points.Span, nearest, scores);
            MoveToMeans(means, nearest);
        }

        NearestCentroid.Find(CentroidPanels.Pack(means, dimension), points.Span, nearest, scores);
        var (before, after) = (0.0, 0.0);
        for (var i = 0; i < _count; i++)
        {
            before += TensorPrimitives.SumOfSquares(Point(i));
            after += Square(Point(i), means.AsSpan(nearest[i] * dimension, dimension));
        }

        share = before > 0 ? after / before : 1;
        return means;
    }

    private ReadOnlySpan<float> Point(int number) => points.Span.Slice(number * dimension, dimension);

    private float[] Seed(int groups, SeededRandom random)
    {
        var means = new float[groups * dimension];
        var distances = new double[_count];
        Array.Fill(distances, double.PositiveInfinity);
        var chosen = random.NextInt(_count);
        for (var group = 0; group < groups; group++)
        {
            Point(chosen).CopyTo(means.AsSpan(group * dimension));
            var sum = 0.0;
            for (var i = 0; i < _count; i++)
            {
                distances[i] = Math.Min(distances[i], Square(Point(i), Point(chosen)));
                sum += distances[i];
            }

            if (!(sum > 0))
            {
                // As many groups as there are different points.
                return means[..((group + 1) * dimension)];
            }

            var left = random.NextDouble() * sum;
            for (chosen = 0; chosen < _count - 1 && (left -= distances[chosen]) >= 0; chosen++)
            {
            }
        }

        return means;
    }

    private void MoveToMeans(float[] means, int[] nearest)
    {
        var (sums, sizes) = (new double[means.Length], new int[means.Length / dimension]);
        for (var i = 0; i < _count; i++)
        {
            var point = Point(i);
            var sum = sums.AsSpan(nearest[i] * dimension, dimension);
            sizes[nearest[i]]++;
            for (var j = 0; j < sum.Length; j++)
            {
                sum[j] += point[j];
            }
        }

        for (var j = 0; j < means.Length; j++)
        {
            means[j] = sizes[j / dimension] > 0 ? (float)(sums[j] / sizes[j / dimension]) : means[j];
        }
    }

    private static double Square(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double distance = TensorPrimitives.Distance(x, y);
        return distance * distance;
    }
}

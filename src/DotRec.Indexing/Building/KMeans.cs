using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Lloyd's k-means in squared distance. Begins with distinct random points or with given centroids; partitions that hold hardly anything are
/// given a point of the largest one, which splits it. All sums run in a fixed order: the same bytes at any thread count.
/// </summary>
internal sealed class KMeans
{
    private const int PointsPerPart = 256;
    private const int PartitionsPerPart = 8;

    // The round that lowers the loss by less than this share of it is the last one.
    private const double MinGain = 1e-3;

    // A partition with less than this share of the mean size is tiny.
    private const double TinyShare = 1.0 / 16;

    private readonly Section<float> _points;
    private readonly int _dimension;
    private readonly int[] _nearest;
    private readonly float[] _scores;
    private readonly double _halfSquares;

    private KMeans(Section<float> points, int dimension)
    {
        _points = points;
        _dimension = dimension;
        _halfSquares = 0.5 * EmbeddingLength.Squared(points.Span(0, checked((int)points.Length)));
        _nearest = new int[points.Length / dimension];
        _scores = new float[_nearest.Length];
    }

    /// <summary>Finds centroids, [P, D].</summary>
    /// <param name="points">[n, D], n ≥ P ≥ 1.</param>
    /// <param name="dimension">D.</param>
    /// <param name="partitionCount">P.</param>
    /// <param name="start">Centroids to begin with, [at most P, D]; random points are added to fewer. null for random points only.</param>
    /// <param name="rounds">Most rounds.</param>
    /// <param name="random">Chooses the first centroids and the points that split partitions.</param>
    /// <param name="report">Told after every round.</param>
    public static float[] Fit(Section<float> points, int dimension, int partitionCount, float[]? start, int rounds, SeededRandom random, BuildReport report)
    {
        var fit = new KMeans(points, dimension);
        var centroids = fit.RandomPoints(partitionCount, random.Stream(0));
        start?.CopyTo(centroids, 0);
        var previous = double.PositiveInfinity;
        for (var round = 0; round < rounds; round++)
        {
            var loss = fit.Assign(centroids);
            var members = new PartitionMembers(fit._nearest, partitionCount);
            fit.MoveToMeans(centroids, members);
            report.Advance((round + 1.0) / rounds);
            var repaired = round + 1 < rounds && fit.SplitLargest(centroids, members, random.Stream((ulong)round + 1));
            if (!repaired && loss >= (1 - MinGain) * previous)
            {
                break;
            }

            previous = loss;
        }

        return centroids;
    }

    private float[] RandomPoints(int count, SeededRandom random)
    {
        // The first steps of Fisher's and Yates' shuffle: distinct points.
        var order = new int[_nearest.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var centroids = new float[count * _dimension];
        for (var i = 0; i < count; i++)
        {
            var j = i + random.NextInt(order.Length - i);
            (order[i], order[j]) = (order[j], order[i]);
            Point(order[i]).CopyTo(centroids.AsSpan(i * _dimension));
        }

        return centroids;
    }

    // Half the sum of the squared distances.
    private double Assign(float[] centroids)
    {
        var panels = CentroidPanels.Pack(centroids, _dimension);
        var losses = new double[(_nearest.Length + PointsPerPart - 1) / PointsPerPart];
        Parallelism.For(losses.Length, part =>
        {
            var first = part * PointsPerPart;
            var count = Math.Min(PointsPerPart, _nearest.Length - first);
            var scores = _scores.AsSpan(first, count);
            NearestCentroid.Find(panels, _points.Span((long)first * _dimension, count * _dimension), _nearest.AsSpan(first, count), scores);
            foreach (var score in scores)
            {
                losses[part] -= score;
            }
        });
        return _halfSquares + losses.Sum();
    }

    // An empty partition keeps its centroid.
    private void MoveToMeans(float[] centroids, PartitionMembers members) =>
        Parallelism.ForRanges(members.PartitionCount, PartitionsPerPart, (start, end) =>
        {
            var sum = new double[_dimension];
            for (var partition = start; partition < end; partition++)
            {
                if (members.Size(partition) == 0)
                {
                    continue;
                }

                sum.AsSpan().Clear();
                foreach (var point in members[partition])
                {
                    var values = Point(point);
                    for (var j = 0; j < values.Length; j++)
                    {
                        sum[j] += values[j];
                    }
                }

                for (var j = 0; j < sum.Length; j++)
                {
                    centroids[(partition * _dimension) + j] = (float)(sum[j] / members.Size(partition));
                }
            }
        });

    private bool SplitLargest(float[] centroids, PartitionMembers members, SeededRandom random)
    {
        var tiny = TinyShare * _nearest.Length / members.PartitionCount;
        var sizes = new PriorityQueue<int, (int, int)>(members.PartitionCount);
        for (var partition = 0; partition < members.PartitionCount; partition++)
        {
            sizes.Enqueue(partition, (-members.Size(partition), partition));
        }

        var split = false;
        for (var partition = 0; partition < members.PartitionCount; partition++)
        {
            // The largest can be no larger than 1 where there are hardly more points than partitions: nothing to split then.
            if (members.Size(partition) >= tiny || !sizes.TryDequeue(out var largest, out var size) || -size.Item1 < 2)
            {
                continue;
            }

            var point = members[largest][random.NextInt(members.Size(largest))];
            Point(point).CopyTo(centroids.AsSpan(partition * _dimension));
            sizes.Enqueue(largest, (size.Item1 / 2, largest));
            split = true;
        }

        return split;
    }

    private Span<float> Point(int point) => _points.Span((long)point * _dimension, _dimension);
}

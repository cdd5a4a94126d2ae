using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Made-up vectors of any width whose variance falls off as that of real embeddings does: clusters of about 200 items inside groups of 16 clusters. Along
/// the i-th direction the variance of the centres is proportional to i^-1.2, that inside a cluster to i^-0.8; a random rotation hides these directions.
/// Lengths are log-normal around 1. The same seed gives the same vectors at any thread count.
/// </summary>
internal sealed class SpectralVectors : IVectorMixture
{
    private const int ItemsACluster = 200;
    private const int ClustersAGroup = 16;
    private const double CenterDecay = 1.2;
    private const double ClusterDecay = 0.8;

    // Shares of the variance: of the groups' centres, of the clusters' around them, of the vectors' around those.
    private const double OfGroups = 0.3;
    private const double OfClusters = 0.3;
    private const double OfVectors = 0.4;

    // Vectors that come from one stream of random numbers.
    private const int RangeRows = 256;

    private readonly int _dimension;
    private readonly double _lengthSpread;
    private readonly SeededRandom _random;
    private readonly SpreadingRotation _rotation;
    private readonly float[] _deviations;
    private readonly float[] _centers;
    private int _streams;

    /// <summary>Prepares the mixture.</summary>
    /// <param name="itemCount">How many items there will be, which says how many clusters.</param>
    /// <param name="dimension">D.</param>
    /// <param name="lengthSpread">σ of the logarithm of a length; 0 for unit lengths.</param>
    /// <param name="seed">Decides everything.</param>
    public SpectralVectors(int itemCount, int dimension, double lengthSpread, ulong seed)
    {
        (_dimension, _lengthSpread, _random) = (dimension, lengthSpread, new SeededRandom(seed));
        _rotation = new SpreadingRotation(dimension, _random);
        _deviations = Spectrum(dimension, ClusterDecay, OfVectors);
        var (groups, clusters) = (Spectrum(dimension, CenterDecay, OfGroups), Spectrum(dimension, CenterDecay, OfClusters));
        _centers = new float[checked(Math.Max(1, itemCount / ItemsACluster) * dimension)];
        var group = new float[dimension];
        for (var start = 0; start < _centers.Length; start += dimension)
        {
            if (start / dimension % ClustersAGroup == 0)
            {
                group.AsSpan().Clear();
                AddNoise(group, groups, _random);
            }

            var center = _centers.AsSpan(start, dimension);
            group.CopyTo(center);
            AddNoise(center, clusters, _random);
        }
    }

    /// <inheritdoc/>
    public float[] Next(int count)
    {
        var values = new float[checked(count * _dimension)];
        var firstStream = _streams;
        _streams += (count + RangeRows - 1) / RangeRows;
        Parallelism.ForRanges(count, RangeRows, (start, end) =>
        {
            var random = _random.Stream((ulong)(firstStream + (start / RangeRows)));
            var scratch = new float[_dimension];
            for (var row = start; row < end; row++)
            {
                Draw(values.AsSpan(row * _dimension, _dimension), scratch, random);
            }
        });
        return values;
    }

    private void Draw(Span<float> vector, Span<float> scratch, SeededRandom random)
    {
        _centers.AsSpan(random.NextInt(_centers.Length / _dimension) * _dimension, _dimension).CopyTo(vector);
        AddNoise(vector, _deviations, random);
        _rotation.Apply(vector, scratch);
        var squares = 0.0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        var scale = (float)(Math.Exp(_lengthSpread * random.NextNormal()) / Math.Sqrt(squares));
        foreach (ref var value in vector)
        {
            value *= scale;
        }
    }

    // Standard deviations whose squares fall with a power of their place and add up to a share.
    private static float[] Spectrum(int dimension, double decay, double share)
    {
        var variances = Enumerable.Range(1, dimension).Select(place => Math.Pow(place, -decay)).ToArray();
        var sum = variances.Sum();
        return Array.ConvertAll(variances, variance => (float)Math.Sqrt(share * variance / sum));
    }

    private static void AddNoise(Span<float> vector, float[] deviations, SeededRandom random)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] += deviations[i] * (float)random.NextNormal();
        }
    }
}

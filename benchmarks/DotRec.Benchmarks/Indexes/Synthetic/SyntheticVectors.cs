using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Made-up item vectors in the manner of trained ones: a mixture of clusters inside clusters whose axes carry unlike variance, the greatest nine
/// times the least, with lengths spread log-normally around 1. The same seed gives the same vectors.
/// </summary>
internal sealed class SyntheticVectors : IVectorMixture
{
    private const int ItemsACluster = 200;
    private const int ClustersAGroup = 16;
    private const float WithinGroup = 0.7f;
    private const float WithinCluster = 1.2f;

    /// <summary>σ of the logarithm of a length unless told: a tenth of the items is then 1.5 times as long as the median or more.</summary>
    public const double LengthSpread = 0.3;

    private readonly int _dimension;
    private readonly float[] _deviations;
    private readonly float[] _centers;
    private readonly SeededRandom _random;
    private readonly double _lengthSpread;

    public SyntheticVectors(int itemCount, int dimension, double lengthSpread, ulong seed)
    {
        _dimension = dimension;
        _lengthSpread = lengthSpread;
        _random = new SeededRandom(seed);
        _deviations = new float[dimension];
        for (var i = 0; i < dimension; i++)
        {
            _deviations[i] = 1 / MathF.Sqrt(1 + (8f * i / dimension));
        }

        // Trained vectors have no order of importance among their dimensions.
        _random.Shuffle<float>(_deviations);
        var clusters = Math.Max(1, itemCount / ItemsACluster);
        _centers = new float[clusters * dimension];
        var group = new float[dimension];
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            if (cluster % ClustersAGroup == 0)
            {
                group.AsSpan().Clear();
                AddNoise(group, 1);
            }

            var center = _centers.AsSpan(cluster * dimension, dimension);
            group.CopyTo(center);
            AddNoise(center, WithinGroup);
        }
    }

    /// <inheritdoc/>
    public float[] Next(int count)
    {
        var values = new float[checked(count * _dimension)];
        for (var row = 0; row < count; row++)
        {
            var vector = values.AsSpan(row * _dimension, _dimension);
            _centers.AsSpan(_random.NextInt(_centers.Length / _dimension) * _dimension, _dimension).CopyTo(vector);
            AddNoise(vector, WithinCluster);
            var squares = 0f;
            foreach (var value in vector)
            {
                squares += value * value;
            }

            var scale = (float)(Math.Exp(_lengthSpread * _random.NextNormal()) / Math.Sqrt(squares));
            foreach (ref var value in vector)
            {
                value *= scale;
            }
        }

        return values;
    }

    private void AddNoise(Span<float> vector, float size)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] += size * _deviations[i] * (float)_random.NextNormal();
        }
    }
}

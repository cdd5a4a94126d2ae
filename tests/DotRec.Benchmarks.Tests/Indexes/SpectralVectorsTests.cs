using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks.Tests;

public class SpectralVectorsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(96)]
    [InlineData(768)]
    public void The_rotation_keeps_lengths_and_angles_and_spreads_every_axis(int dimension)
    {
        var rotation = new SpreadingRotation(dimension, new SeededRandom(1));
        var images = Enumerable.Range(0, dimension).Select(axis =>
        {
            var vector = new float[dimension];
            vector[axis] = 1;
            rotation.Apply(vector, new float[dimension]);
            return vector;
        }).ToArray();
        foreach (var (first, second) in new[] { (0, 0), (0, dimension - 1), (dimension / 2, dimension / 2), (dimension / 2, 0) })
        {
            var product = images[first].Zip(images[second], (left, right) => (double)left * right).Sum();
            Assert.Equal(first == second ? 1 : 0, product, 1e-5);
        }

        if (dimension >= 64)
        {
            Assert.All(images, image => Assert.True(image.Max(Math.Abs) < 0.6f));
        }
    }

    [Fact]
    public void They_follow_from_the_seed_at_any_number_of_threads()
    {
        var threads = Parallelism.MaxDegreeOfParallelism;
        try
        {
            Parallelism.MaxDegreeOfParallelism = 1;
            var one = VectorCorpus.Synthetic(1500, 24, 40, ScoreFunction.Dot, seed: 5, lengthSpread: 0.3, spectral: true);
            Parallelism.MaxDegreeOfParallelism = 3;
            var three = VectorCorpus.Synthetic(1500, 24, 40, ScoreFunction.Dot, seed: 5, lengthSpread: 0.3, spectral: true);
            Assert.Equal(one.Items, three.Items);
            Assert.Equal(one.Queries, three.Queries);
            Assert.NotEqual(one.Items, VectorCorpus.Synthetic(1500, 24, 40, ScoreFunction.Dot, seed: 6, lengthSpread: 0.3, spectral: true).Items);
            Assert.DoesNotContain(one.Queries[0], one.Items);
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = threads;
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0)]
    public void Lengths_are_log_normal(double spread)
    {
        var corpus = VectorCorpus.Synthetic(3000, 16, 100, ScoreFunction.Dot, seed: 5, lengthSpread: spread, spectral: true);
        var lengths = corpus.Items.Chunk(16).Select(row => Math.Log(row.Sum(value => (double)value * value)) / 2).ToArray();
        var mean = lengths.Average();
        Assert.InRange(mean, -0.03, 0.03);
        Assert.Equal(spread, Math.Sqrt(lengths.Average(length => (length - mean) * (length - mean))), 0.02);
    }

    [Fact]
    public void A_query_has_its_neighbours_in_clusters_of_about_two_hundred()
    {
        // Within the cluster cosines are high; the 50th best item is still in it, the 1,000th is not.
        var corpus = VectorCorpus.Synthetic(20_000, 64, 20, ScoreFunction.Cosine, seed: 3, lengthSpread: 0, spectral: true);
        using var exact = BruteForceIndex.Build(corpus.Items, 64, scoreFunction: ScoreFunction.Cosine);
        var lists = exact.SearchBatch(corpus.Queries, 1000);
        Assert.True(lists.Average(list => list[49].Score) > lists.Average(list => list[^1].Score) + 0.1);
        Assert.All(lists, list => Assert.True(list[0].Score < 0.999));
    }
}

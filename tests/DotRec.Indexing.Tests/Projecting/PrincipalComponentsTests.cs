using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class PrincipalComponentsTests
{
    [Fact]
    public void Components_are_orthonormal_and_sorted_and_keep_what_the_greatest_eigenvalues_do()
    {
        const int Dimension = 60;
        var points = Points(Dimension, 4000, 1);
        var moment = Moment(points, Dimension);
        var (values, _) = SymmetricEigen.Decompose(moment, Dimension);
        var (components, energies) = PrincipalComponents.Find((float[])points.Clone(), Dimension, 20, new SeededRandom(3));
        for (var i = 0; i < 20; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                Assert.Equal(i == j ? 1 : 0, Dot(components, i, components, j, Dimension), 1e-5);
            }
        }

        var total = values.Sum();
        Assert.Equal(values.Take(20).Sum() / total, energies.Sum(), 1e-4);
        Assert.Equal(energies.OrderDescending(), energies);
    }

    [Fact]
    public void A_rank_below_what_is_asked_is_filled_up_with_directions_that_hold_nothing()
    {
        var random = new SeededRandom(5);
        var points = new float[300 * 40];
        for (var i = 0; i < 300; i++)
        {
            var (a, b) = ((float)random.NextNormal(), (float)random.NextNormal());
            for (var j = 0; j < 40; j++)
            {
                points[(i * 40) + j] = (a * (j % 3)) + (b * (j % 5));
            }
        }

        var (components, energies) = PrincipalComponents.Find(points, 40, 10, new SeededRandom(1));
        Assert.Equal(1, energies[0] + energies[1], 1e-5);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(1, Dot(components, i, components, i, 40), 1e-5);
            Assert.Equal(0, Dot(components, i, components, (i + 3) % 10, 40), 1e-5);
        }
    }

    [Fact]
    public void Zeros_have_no_energy() => Assert.Equal(0, PrincipalComponents.Find(new float[50 * 8], 8, 3, new SeededRandom(1)).Energies.Sum());

    [Theory]
    [InlineData(1e18f)]
    [InlineData(1e-18f)]
    public void The_unit_does_not_matter(float unit)
    {
        var points = Points(12, 500, 2);
        var (expected, _) = PrincipalComponents.Find((float[])points.Clone(), 12, 4, new SeededRandom(1));
        var (components, energies) = PrincipalComponents.Find([.. points.Select(value => value * unit)], 12, 4, new SeededRandom(1));
        Assert.InRange(energies.Sum(), 0.3, 1);
        Assert.Equal(1, Math.Abs(Dot(expected, 0, components, 0, 12)), 1e-3);
    }

    [Fact]
    public void The_same_bytes_at_any_thread_count()
    {
        var (points, before) = (Points(96, 6000, 4), Parallelism.MaxDegreeOfParallelism);
        try
        {
            Parallelism.MaxDegreeOfParallelism = 1;
            var expected = PrincipalComponents.Find((float[])points.Clone(), 96, 30, new SeededRandom(1)).Components;
            Parallelism.MaxDegreeOfParallelism = 3;
            Assert.Equal(expected, PrincipalComponents.Find((float[])points.Clone(), 96, 30, new SeededRandom(1)).Components);
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = before;
        }
    }

    // Independent components of falling variance, mixed by reflections.
    private static float[] Points(int dimension, int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var mirror = Enumerable.Range(0, dimension).Select(_ => random.NextNormal()).ToArray();
        var square = mirror.Sum(value => value * value);
        var points = new float[count * dimension];
        for (var i = 0; i < count; i++)
        {
            var point = Enumerable.Range(0, dimension).Select(j => random.NextNormal() / Math.Sqrt(j + 1)).ToArray();
            var along = 2 * point.Zip(mirror, (x, y) => x * y).Sum() / square;
            for (var j = 0; j < dimension; j++)
            {
                points[(i * dimension) + j] = (float)(point[j] - (along * mirror[j]));
            }
        }

        return points;
    }

    private static double[] Moment(float[] points, int dimension)
    {
        var moment = new double[dimension * dimension];
        for (var i = 0; i < points.Length; i += dimension)
        {
            for (var j = 0; j < moment.Length; j++)
            {
                moment[j] += (double)points[i + (j / dimension)] * points[i + (j % dimension)];
            }
        }

        return moment;
    }

    private static double Dot(float[] x, int i, float[] y, int j, int dimension)
    {
        var sum = 0.0;
        for (var k = 0; k < dimension; k++)
        {
            sum += (double)x[(i * dimension) + k] * y[(j * dimension) + k];
        }

        return sum;
    }
}

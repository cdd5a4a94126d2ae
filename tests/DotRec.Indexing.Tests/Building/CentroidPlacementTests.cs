using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class CentroidPlacementTests
{
    [Theory]
    [InlineData(40, 5, 1f)]
    [InlineData(40, 5, 4f)]
    [InlineData(3, 8, 16f)]
    [InlineData(500, 30, 2.5f)]
    [InlineData(1, 4, 8f)]
    public void No_step_from_the_centroid_lowers_the_loss(int count, int dimension, float eta)
    {
        var values = Corpus.Clustered(1, count, dimension, clusters: 3);
        var centroid = Place(values, dimension, eta);
        var least = Loss(values, dimension, centroid, eta);
        var random = new SeededRandom(2);
        for (var trial = 0; trial < 200; trial++)
        {
            var moved = Array.ConvertAll(centroid, value => value + (Math.Pow(10, -1 - (trial % 4)) * random.NextNormal()));
            Assert.InRange(Loss(values, dimension, moved, eta), least * (1 - 1e-9), double.PositiveInfinity);
        }
    }

    [Theory]
    [InlineData(60, 7, 4f)]
    [InlineData(12, 20, 16f)]
    public void It_is_the_solution_of_the_normal_equations(int count, int dimension, float eta)
    {
        var values = Corpus.Clustered(6, count, dimension, clusters: 2);
        var expected = SolveNormalEquations(values, dimension, eta);
        var actual = Place(values, dimension, eta);
        var size = Math.Sqrt(expected.Sum(value => value * value));
        Assert.Equal(expected, actual, (x, y) => Math.Abs(x - y) < 1e-5 * size);
    }

    [Fact]
    public void Rows_of_zeros_do_not_pull()
    {
        // A single item is its own centroid whatever eta is; zeros beside it have no direction and no weight.
        Assert.Equal([3, 4], Place([0f, 0f, 3f, 4f, 0f, 0f], 2, 3), (x, y) => Math.Abs(x - y) < 1e-5);
        Assert.Equal([0, 0], Place(new float[6], 2, 3));
    }

    [Fact]
    public void Lengths_beyond_float_squares_of_squares_are_fine()
    {
        var values = Corpus.Clustered(7, 50, 4, 2);
        var expected = Place(values, 4, 16);
        var actual = Place(Array.ConvertAll(values, value => value * MathF.ScaleB(1, 56)), 4, 16);

        // In a unit of its own, a power of two.
        var unit = Math.Round(Math.Log2(actual[0] / expected[0]));
        Assert.Equal(expected, actual, (x, y) => Math.Abs((x * Math.Pow(2, unit)) - y) < 1e-4 * Math.Pow(2, unit));
    }

    private static double[] Place(float[] values, int dimension, float eta)
    {
        using var source = EmbeddingSource.From(values, dimension);
        var report = new BuildReport(null, default);
        var rows = CodedRows.Check(source, ScoreFunction.Dot, report);
        return Array.ConvertAll(CentroidPlacement.Place(rows, new PartitionMembers(new int[rows.Count], 1), eta, report), value => (double)value);
    }

    // The loss as it is written in the documentation.
    private static double Loss(float[] values, int dimension, double[] centroid, double eta)
    {
        var loss = 0.0;
        for (var i = 0; i < values.Length; i += dimension)
        {
            double error = 0, dot = 0, square = 0;
            for (var j = 0; j < dimension; j++)
            {
                double x = values[i + j], difference = x - centroid[j];
                error += difference * difference;
                dot += x * difference;
                square += x * x;
            }

            loss += Math.Pow(square, (eta - 1) / 2) * (error + ((eta - 1) * dot * dot / square));
        }

        return loss;
    }

    // (Σ wI + (η − 1)·v·xxᵀ)·c = η·Σ w·x, w = |x|^(η−1), v = |x|^(η−3), by Cholesky's LDLᵀ.
    private static double[] SolveNormalEquations(float[] values, int dimension, double eta)
    {
        var matrix = new double[dimension, dimension];
        var right = new double[dimension];
        for (var i = 0; i < values.Length; i += dimension)
        {
            var square = 0.0;
            for (var j = 0; j < dimension; j++)
            {
                square += (double)values[i + j] * values[i + j];
            }

            var (w, v) = (Math.Pow(square, (eta - 1) / 2), Math.Pow(square, (eta - 3) / 2));
            for (var j = 0; j < dimension; j++)
            {
                matrix[j, j] += w;
                right[j] += eta * w * values[i + j];
                for (var l = 0; l < dimension; l++)
                {
                    matrix[j, l] += (eta - 1) * v * values[i + j] * values[i + l];
                }
            }
        }

        for (var j = 0; j < dimension; j++)
        {
            for (var l = j + 1; l < dimension; l++)
            {
                var factor = matrix[l, j] / matrix[j, j];
                right[l] -= factor * right[j];
                for (var m = j; m < dimension; m++)
                {
                    matrix[l, m] -= factor * matrix[j, m];
                }
            }
        }

        for (var j = dimension - 1; j >= 0; j--)
        {
            for (var l = j + 1; l < dimension; l++)
            {
                right[j] -= matrix[j, l] * right[l];
            }

            right[j] /= matrix[j, j];
        }

        return right;
    }
}

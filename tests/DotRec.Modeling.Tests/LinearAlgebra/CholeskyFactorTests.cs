using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public sealed class CholeskyFactorTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(256, 5)]
    [InlineData(300, 300)]
    [InlineData(1300, 4)]
    public void Solutions_solve_the_equations(int size, int width)
    {
        var (matrix, columns) = Equations(size, width);
        var solved = columns.ToArray();

        CholeskyFactor.Of(matrix.ToArray(), size, progress: null, TestContext.Current.CancellationToken).Solve(solved, width);

        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < width; j++)
            {
                double sum = 0, magnitude = 0;
                for (var k = 0; k < size; k++)
                {
                    var product = (double)matrix[(i * size) + k] * solved[(k * width) + j];
                    (sum, magnitude) = (sum + product, magnitude + Math.Abs(product));
                }

                Assert.InRange(sum - columns[(i * width) + j], -1e-5 * (1 + magnitude), 1e-5 * (1 + magnitude));
            }
        }
    }

    [Fact]
    public void Rows_that_are_zero_at_first_may_be_left_out()
    {
        const int Size = 700, Width = 3, First = 520;
        var (matrix, columns) = Equations(Size, Width);
        columns.AsSpan(0, First * Width).Clear();
        var factor = CholeskyFactor.Of(matrix, Size, progress: null, TestContext.Current.CancellationToken);
        var (all, some) = (columns.ToArray(), columns.ToArray());

        factor.Solve(all, Width);
        factor.Solve(some, Width, First);

        Assert.Equal(all, some);
    }

    [Fact]
    public void The_bits_are_the_same_at_any_number_of_threads()
    {
        var (matrix, columns) = Equations(900, 17);
        var threads = Parallelism.MaxDegreeOfParallelism;
        try
        {
            var answers = new[] { 1, 3 }.Select(count =>
            {
                Parallelism.MaxDegreeOfParallelism = count;
                var solved = columns.ToArray();
                CholeskyFactor.Of(matrix.ToArray(), 900, progress: null, TestContext.Current.CancellationToken).Solve(solved, 17);
                return solved;
            }).ToArray();
            Assert.Equal(answers[0], answers[1]);
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = threads;
        }
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused()
    {
        var error = Assert.Throws<ArithmeticException>(() => CholeskyFactor.Of([1, 0, 0, -1], 2, progress: null, TestContext.Current.CancellationToken));
        Assert.Contains("regularization", error.Message, StringComparison.Ordinal);
    }

    private static (float[] Matrix, float[] Columns) Equations(int size, int width)
    {
        // XᵀX + I of whole numbers is exact.
        var random = new SeededRandom((ulong)size);
        var x = Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, size).Select(_ => random.NextInt(5) == 0 ? 1f : 0f).ToArray()).ToArray();
        var matrix = new float[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                matrix[(i * size) + j] = x.Sum(row => row[i] * row[j]) + (i == j ? 3 : 0);
            }
        }

        return (matrix, [.. Enumerable.Range(0, size * width).Select(_ => (float)random.NextDouble() - 0.5f)]);
    }
}

namespace DotRec.Kernels.Tests;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(120)]
    public void Values_and_vectors_make_the_matrix_again(int size)
    {
        var random = new SeededRandom((ulong)size);
        var matrix = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                matrix[(i * size) + j] = matrix[(j * size) + i] = random.NextNormal();
            }
        }

        Check(matrix, size);
    }

    [Fact]
    public void Diagonal_and_repeated_and_zero_eigenvalues()
    {
        Check([3, 0, 0, 0, 3, 0, 0, 0, -1], 3);
        Check(new double[16], 4);
        Check([1, 1, 1, 1, 1, 1, 1, 1, 1], 3);
    }

    private static void Check(double[] matrix, int size)
    {
        var (values, vectors) = SymmetricEigen.Decompose((double[])matrix.Clone(), size);
        Assert.Equal(values.OrderDescending(), values);
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                var (again, product) = (0.0, 0.0);
                for (var k = 0; k < size; k++)
                {
                    again += values[k] * vectors[(k * size) + i] * vectors[(k * size) + j];
                    product += vectors[(i * size) + k] * vectors[(j * size) + k];
                }

                Assert.Equal(matrix[(i * size) + j], again, 1e-9);
                Assert.Equal(i == j ? 1 : 0, product, 1e-10);
            }
        }
    }
}

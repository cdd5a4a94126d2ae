using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class ProjectionTests
{
    [Theory]
    [InlineData(20, 7)]
    [InlineData(33, 16)]
    [InlineData(300, 48)]
    public void A_vector_is_projected_as_the_matrix_says(int dimension, int count)
    {
        var random = new SeededRandom(4);
        var points = Enumerable.Range(0, 400 * dimension).Select(_ => (float)random.NextNormal()).ToArray();
        var (components, _) = PrincipalComponents.Find(points, dimension, count, random);
        var projection = Projection.Pack(components, dimension);
        var rows = projection.Rows.ToRows();
        for (var i = 0; i < count; i++)
        {
            // Half a step of a row.
            var (expected, row) = (components.AsSpan(i * dimension, dimension).ToArray(), rows.AsSpan(i * dimension, dimension).ToArray());
            Assert.All(row.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, expected.Max(Math.Abs) / 253.9));
        }


        foreach (var length in new[] { 1e-15f, 1, 1e17f })
        {
            var vector = Enumerable.Range(0, dimension).Select(_ => (float)(random.NextNormal() * length)).ToArray();
            var square = EmbeddingLength.Squared(vector);
            var projected = new float[count];
            projection.Apply(vector, square, 1, projected);
            for (var i = 0; i < count; i++)
            {
                var expected = 0.0;
                for (var j = 0; j < dimension; j++)
                {
                    expected += (double)rows[(i * dimension) + j] * vector[j];
                }

                Assert.Equal(expected, projected[i], 1e-3 * Math.Sqrt(square));
            }
        }

        var zeros = new float[count];
        projection.Apply(new float[dimension], 0, 1, zeros);
        Assert.All(zeros, value => Assert.Equal(0, value));
    }
}

namespace DotRec.Kernels.Tests;

public sealed class GemmKernelsTests
{
    [Fact]
    public void Multiplies_by_hand()
    {
        // | 1 2 3 |   | 1 0 |   | 1+0+3  0+2+0 |
        // | 4 5 6 | · | 0 1 | = | 4+0+6  0+5+0 |
        //             | 1 0 |
        var c = new float[4];
        GemmKernels.Multiply(false, false, 2, 2, 3, [1, 2, 3, 4, 5, 6], 3, [1, 0, 0, 1, 1, 0], 2, c, 2);
        Assert.Equal([4f, 2f, 10f, 5f], c);
        GemmKernels.Multiply(true, false, 2, 2, 3, [1, 4, 2, 5, 3, 6], 2, [1, 0, 0, 1, 1, 0], 2, c, 2, accumulate: true);
        Assert.Equal([8f, 4f, 20f, 10f], c);
    }

    [Theory]
    [InlineData(false, false, 500, 130, 900)]
    [InlineData(false, true, 500, 130, 900)]
    [InlineData(true, false, 100, 333, 2000)]
    [InlineData(true, true, 200, 200, 200)]
    [InlineData(true, false, 64, 32, 4000)]
    [InlineData(false, true, 20, 9000, 32)]
    [InlineData(false, false, 4000, 32, 64)]
    [InlineData(false, true, 2, 9000, 64)]
    [InlineData(false, false, 6000, 1, 300)]
    public void The_thread_count_does_not_change_a_bit(bool transposeA, bool transposeB, int m, int n, int k)
    {
        var random = new SeededRandom(5);
        float[] a = Draw(random, m * k), b = Draw(random, n * k);
        float[]? first = null;
        foreach (var threads in new[] { 1, 2, 3, 8 })
        {
            var c = new float[m * n];
            using (new ThreadCount(threads))
            {
                GemmKernels.Multiply(transposeA, transposeB, m, n, k, a, transposeA ? m : k, b, transposeB ? k : n, c, n);
            }

            Assert.Equal(first ??= c, c);
        }
    }

    [Fact]
    public void A_matrix_that_does_not_lie_inside_its_span_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => GemmKernels.Multiply(false, false, 2, 3, 4, new float[8], 4, new float[11], 3, new float[6], 3));
        Assert.Equal("b", error.ParamName);
        Assert.StartsWith("b holds 11 values with rows 3 apart; a matrix of 4 x 3 does not lie inside that.", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            "a",
            Assert.Throws<ArgumentException>(() => GemmKernels.Multiply(true, false, 2, 3, 4, new float[8], 1, new float[12], 3, new float[6], 3)).ParamName);
        Assert.Equal(
            "c",
            Assert.Throws<ArgumentException>(() => GemmKernels.Multiply(false, false, 2, 3, 4, new float[8], 4, new float[12], 3, new float[5], 3)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => GemmKernels.Multiply(false, false, -1, 3, 4, new float[8], 4, new float[12], 3, new float[6], 3));
    }

    private static float[] Draw(SeededRandom random, int length)
    {
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = (2 * random.NextSingle()) - 1;
        }

        return values;
    }
}

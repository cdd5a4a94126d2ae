namespace DotRec.Indexing.Tests;

public sealed class BlockAllocationTests
{
    [Theory]
    [InlineData(8, 2)]
    [InlineData(12, 3)]
    [InlineData(13, 3)]
    [InlineData(192, 3)]
    [InlineData(3, 4)]
    public void Every_component_has_one_place_and_blocks_are_alike(int count, int width)
    {
        var variances = Enumerable.Range(0, count).Select(i => Math.Pow(i + 1, -1.5)).ToArray();
        var order = BlockAllocation.Order(variances, width);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
        var whole = count / width;
        var products = Enumerable.Range(0, whole).Select(block => order.AsSpan(block * width, width).ToArray().Sum(i => Math.Log(variances[i]))).ToArray();
        var neighbours = Enumerable.Range(0, whole).Select(block => Enumerable.Range(block * width, width).Sum(i => Math.Log(variances[i]))).ToArray();
        if (whole > 1)
        {
            Assert.True(products.Max() - products.Min() < 0.7 * (neighbours.Max() - neighbours.Min()));
        }
    }

    [Fact]
    public void Pairs_are_the_largest_with_the_smallest() => Assert.Equal([0, 5, 1, 4, 2, 3], BlockAllocation.Order([32, 16, 8, 4, 2, 1], 2));
}

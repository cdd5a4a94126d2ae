using CsCheck;

namespace DotRec.Kernels.Tests;

public sealed class KeySelectionTests
{
    [Fact]
    public void The_largest_come_first_and_the_smallest_of_them_last()
    {
        Gen.Select(Gen.OneOf(Gen.ULong, Gen.ULong[0, 9]).Array[1, 300], Gen.Int[0, 1000]).Sample((keys, draw) =>
        {
            var count = 1 + (draw % keys.Length);
            var result = keys.ToArray();
            KeySelection.MoveLargestToFront(result, count);
            Assert.Equal(keys.Order(), result.Order());
            Assert.Equal(keys.OrderDescending().Take(count), result.Take(count).OrderDescending());
            Assert.Equal(result.Take(count).Min(), result[count - 1]);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Orders_that_defeat_the_pivot_still_end(int step)
    {
        // Organ pipes and saw teeth: the classical bad inputs of a median of three.
        var keys = Enumerable.Range(0, 20_000).Select(i => (ulong)((i * step % 10_000) ^ (i > 10_000 ? 0x3FFF : 0))).ToArray();
        KeySelection.MoveLargestToFront(keys, 5_000);
        Assert.True(keys.Take(5_000).Min() >= keys.Skip(5_000).Max());
        Assert.Equal(keys.Take(5_000).Min(), keys[4_999]);
    }
}

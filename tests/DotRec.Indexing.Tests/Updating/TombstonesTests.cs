using CsCheck;
using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class TombstonesTests
{
    [Fact]
    public void It_is_the_set_of_the_numbers_it_was_given_and_earlier_ones_stay() =>
        Gen.Long[0, 20_000].Array[0, 80].Array[1, 5].Sample(steps =>
        {
            var (dead, expected) = (Tombstones.None, new HashSet<long>());
            var versions = new List<(Tombstones Dead, long[] Numbers)>();
            foreach (var step in steps)
            {
                dead = dead.With([.. step.Distinct().Where(number => !expected.Contains(number))]);
                expected.UnionWith(step);
                versions.Add((dead, [.. expected]));
            }

            foreach (var (version, numbers) in versions)
            {
                Assert.Equal(numbers.Length, version.Count);
                Assert.All(numbers, number => Assert.True(version.Contains(number)));
                AssertWords(version, [.. numbers]);
            }
        }, iter: 200);

    [Fact]
    public void Words_are_right_across_pages_and_behind_the_last()
    {
        // A page is 64 words.
        HashSet<long> numbers = [63 * 64, (64 * 64) - 1, 64 * 64, (128 * 64) + 5, (300 * 64) + 63];
        var dead = Tombstones.None.With([.. numbers]);
        Assert.False(dead.Any(0, 63));
        Assert.True(dead.Any(0, 64));
        Assert.True(dead.Any(64, 1));
        Assert.False(dead.Any(65, 63));
        Assert.True(dead.Any(65, 64));
        Assert.False(dead.Any(129, 171));
        Assert.True(dead.Any(129, 172));
        Assert.False(dead.Any(301, 100_000));
        Assert.False(dead.Any(63, 0));
        Assert.False(Tombstones.None.Any(0, 1000));
        AssertWords(dead, numbers);
        var words = Enumerable.Repeat(0x5555_5555_5555_5555UL, 130).ToArray();
        dead.Remove(0, words);
        Assert.Equal(0x5555_5555_5555_5554UL, words[63]);
        Assert.Equal(0x5555_5555_5555_5554UL, words[64]);
        Assert.Equal(0x5555_5555_5555_5555UL, words[128]);
    }

    private static void AssertWords(Tombstones dead, HashSet<long> numbers)
    {
        var random = new SeededRandom((ulong)numbers.Count);
        for (var trial = 0; trial < 20; trial++)
        {
            var (first, count) = (random.NextInt(400), random.NextInt(200));
            var words = Enumerable.Repeat(ulong.MaxValue, count).ToArray();
            dead.Remove(first, words);
            var left = Enumerable.Range(0, count * 64).Where(bit => (words[bit / 64] >> (bit % 64) & 1) != 0);
            Assert.Equal(Enumerable.Range(0, count * 64).Where(bit => !numbers.Contains((first * 64L) + bit)), left);
            Assert.Equal(words.Any(word => word != ulong.MaxValue), dead.Any(first, count));
        }
    }
}

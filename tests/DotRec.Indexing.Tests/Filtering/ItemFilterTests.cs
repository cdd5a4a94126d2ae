using CsCheck;

namespace DotRec.Indexing.Tests;

public class ItemFilterTests
{
    private static readonly Gen<(int Count, int[] Left, int[] Right)> Rows =
        from count in Gen.Int[1, 200]
        from left in Gen.Int[-1, count - 1].Array[0, 50]
        from right in Gen.Int[-1, count - 1].Array[0, 50]
        select (count, left, right);

    [Fact]
    public void Allow_block_and_combinations_are_set_algebra() => Rows.Sample(c =>
    {
        var (count, left, right) = c;
        var a = ItemFilter.Allow(count, left);
        var b = ItemFilter.Block(count, right);
        CheckEqual(count, row => left.Contains(row), a);
        CheckEqual(count, row => !right.Contains(row), b);
        CheckEqual(count, row => left.Contains(row) && !right.Contains(row), a.And(b));
        CheckEqual(count, row => left.Contains(row) || !right.Contains(row), a.Or(b));
        CheckEqual(count, row => !left.Contains(row), a.Not());
        CheckEqual(count, row => row % 3 == 0, ItemFilter.Where(count, row => row % 3 == 0));
    });

    [Fact]
    public void Ids_become_rows_and_unknown_ids_are_ignored()
    {
        var items = ItemIds.From(["a", "b", "c"]);
        CheckEqual(3, row => row == 1, ItemFilter.Allow(items, ["b", "unknown"]));
        CheckEqual(3, row => row != 1, ItemFilter.Block(items, ["b", "unknown"]));
        var numbers = ItemIds.From([10L, 20L, 30L]);
        CheckEqual(3, row => row == 2, ItemFilter.Allow(numbers, [30L, 31L]));
        CheckEqual(3, row => row != 2, ItemFilter.Block(numbers, [30L, 31L]));
    }

    [Fact]
    public void An_empty_index_has_an_empty_filter() => Assert.Equal(0, ItemFilter.Block(0, []).AllowedCount);

    [Theory]
    [InlineData(3)]
    [InlineData(-2)]
    public void A_row_outside_is_refused(int row)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ItemFilter.Allow(3, [0, row]));
        Assert.StartsWith($"Row {row} is outside the index: it holds 3 items, rows 0 to 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_added_later_are_allowed_by_what_blocks_and_combinations_follow() => Rows.Sample(c =>
    {
        var (count, left, right) = c;
        var allow = ItemFilter.Allow(count, left);
        var block = ItemFilter.Block(count + 70, right);
        Assert.False(ItemFilter.Where(count, _ => true).Allows(count));
        foreach (var row in new[] { count, count + 1, count + 63, count + 70, count + 500 })
        {
            var blocked = right.Contains(row);
            Assert.False(allow.Allows(row));
            Assert.Equal(!blocked, block.Allows(row));
            Assert.Equal(!blocked, allow.Or(block).Allows(row));
            Assert.False(allow.And(block).Allows(row));
            Assert.True(allow.Not().Allows(row));
            Assert.Equal(blocked, block.Not().Allows(row));
        }

        // Words are the same set, beyond the rows that either was made for.
        foreach (var filter in new[] { allow, block, allow.Not(), allow.And(block), allow.Or(block).Not(), block.Not().Or(allow) })
        {
            var words = new ulong[6];
            filter.CopyWords(0, words);
            Assert.Equal(Enumerable.Range(0, 384).Where(filter.Allows), Enumerable.Range(0, 384).Where(row => (words[row / 64] >> (row % 64) & 1) != 0));
            var tail = new ulong[3];
            filter.CopyWords(2, tail);
            Assert.Equal(words[2..5], tail);
        }
    });

    [Fact]
    public void A_combination_of_hundreds_is_still_the_same_set()
    {
        var filter = ItemFilter.Allow(1000, []);
        for (var row = 0; row < 500; row++)
        {
            filter = filter.Or(ItemFilter.Allow(1000, [row * 2]));
        }

        CheckEqual(1000, row => row % 2 == 0, filter);
        CheckEqual(1000, row => row % 2 != 0, filter.Not());
    }

    [Fact]
    public void Bits_become_a_filter_and_those_behind_the_last_row_are_ignored()
    {
        CheckEqual(70, row => row is 0 or 65, ItemFilter.FromBits(70, [1, 0b10UL | 1UL << 63]));
        Assert.StartsWith(
            "70 rows need 2 words of 64 bits; 1 were given.", Assert.Throws<ArgumentException>(() => ItemFilter.FromBits(70, [1])).Message,
            StringComparison.Ordinal);
    }

    private static void CheckEqual(int count, Func<int, bool> expected, ItemFilter actual)
    {
        Assert.Equal(count, actual.Count);
        Assert.Equal(Enumerable.Range(0, count).Where(expected), Enumerable.Range(0, count).Where(actual.Allows));
        Assert.Equal(Enumerable.Range(0, count).Count(expected), actual.AllowedCount);
    }
}

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
    public void Filters_of_different_indexes_do_not_combine()
    {
        var error = Assert.Throws<ArgumentException>(() => ItemFilter.Block(3, []).And(ItemFilter.Block(4, [])));
        Assert.Equal("The filters cover 3 and 4 items. Combine filters of one index. (Parameter 'other')", error.Message);
    }

    private static void CheckEqual(int count, Func<int, bool> expected, ItemFilter actual)
    {
        Assert.Equal(count, actual.Count);
        Assert.Equal(Enumerable.Range(0, count).Where(expected), Enumerable.Range(0, count).Where(actual.Allows));
        Assert.Equal(Enumerable.Range(0, count).Count(expected), actual.AllowedCount);
    }
}

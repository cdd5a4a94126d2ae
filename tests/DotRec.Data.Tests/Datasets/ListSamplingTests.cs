namespace DotRec.Data.Tests;

public class ListSamplingTests
{
    private static readonly FeatureBatch Data = new(
        new Column<string>("user", [.. Enumerable.Range(0, 100).Select(row => row < 3 ? "few" : $"user {row % 7}")]),
        new Column<long>("row", [.. Enumerable.Range(0, 100).Select(row => (long)row)]));

    [Fact]
    public void Lists_hold_different_rows_of_one_user_and_users_with_too_few_are_left_out()
    {
        var lists = Data.SampleLists("user", listsPerGroup: 20, listLength: 5, seed: 42);

        Assert.Equal(7 * 20 * 5, lists.RowCount);
        var groups = RowGroups.By(lists, "list");
        Assert.Equal(140, groups.Count);
        for (var list = 0; list < groups.Count; list++)
        {
            var rows = groups[list].ToArray();
            Assert.Equal(5, rows.Select(row => lists.Get<long>("row").Values[row]).Distinct().Count());
            Assert.Single(rows.Select(row => lists.Get<string>("user").Values[row]).Distinct());
        }

        // Every row of a user is as likely: 100 draws of 13 or 14 rows, five at a time.
        var drawn = lists.Get<long>("row").Values.ToArray().CountBy(row => row).ToArray();
        Assert.Equal(97, drawn.Length);
        Assert.All(drawn, row => Assert.InRange(row.Value, 1, 18));
    }

    [Fact]
    public void The_same_seed_draws_the_same_lists()
    {
        long[] Rows(ulong seed) => Data.SampleLists("user", 3, 4, seed).Get<long>("row").Values.ToArray();
        Assert.Equal(Rows(1), Rows(1));
        Assert.NotEqual(Rows(1), Rows(2));
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused()
    {
        Assert.Contains("No 'user' has 50 rows", Assert.Throws<ArgumentException>(() => Data.SampleLists("user", 1, 50, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("column 'row' already", Assert.Throws<ArgumentException>(() => Data.SampleLists("user", 1, 2, 0, "row")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Data.SampleLists("user", 0, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Data.SampleLists("user", 1, 0, 0));
    }
}

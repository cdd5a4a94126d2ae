using DotRec.Data;

namespace DotRec.Modeling.Tests;

public sealed class HistoriesTests
{
    private static readonly FeatureBatch Items = new(new Column<string>("item", ["a", "b", "c"]));

    [Fact]
    public void Choices_are_gathered_by_query_in_the_order_of_the_rows()
    {
        var histories = Histories.Of(Rows(["x", "y", "x", "x"], ["c", "a", "a", "c"]), "user", "item", Items);

        Assert.Equal((2, 3, 4), (histories.Count, histories.ItemCount, histories.Length));
        Assert.Equal([2, 0, 2], histories.Of(0).ToArray());
        Assert.Equal([0], histories.Of(1).ToArray());
        Assert.Empty(histories.Of(-1).ToArray());
        Assert.Equal([1, -1, 0], histories.QueriesOf(new Column<string>("user", ["y", "new", "x"])));
        Assert.Equal([2, 0, 2], histories.CountItems());
    }

    [Fact]
    public void Times_decide_the_order_and_equal_ones_keep_that_of_the_rows()
    {
        var rows = Rows(["x", "x", "x", "y"], ["a", "b", "c", "b"]).With(new Column<long>("when", [7, 3, 3, 1]));

        var histories = Histories.Of(rows, "user", "item", Items, "when");

        Assert.Equal([1, 2, 0], histories.Of(histories.QueriesOf(new Column<string>("user", ["x"]))[0]).ToArray());
    }

    [Fact]
    public void Items_that_the_catalogue_lacks_are_left_out()
    {
        var histories = Histories.Of(Rows(["x", "x", "y"], ["a", "z", "z"]), "user", "item", Items);

        Assert.Equal([0], histories.Of(0).ToArray());
        Assert.Empty(histories.Of(1).ToArray());
    }

    [Fact]
    public void Lists_are_taken_as_they_are()
    {
        var histories = Histories.Of(3, [[2, 0], [], [1, 1]]);

        Assert.Equal([1, 1], histories.Of(2).ToArray());
        Assert.Empty(histories.Of(1).ToArray());
        Assert.Contains("row 3", Assert.Throws<ArgumentOutOfRangeException>(() => Histories.Of(3, [[0, 3]])).Message, StringComparison.Ordinal);
        Assert.Contains("no query ids", Assert.Throws<InvalidOperationException>(() => histories.QueriesOf(new Column<long>("user", [1]))).Message, StringComparison.Ordinal);
    }

    private static FeatureBatch Rows(string[] users, string[] items) => new(new Column<string>("user", users), new Column<string>("item", items));
}

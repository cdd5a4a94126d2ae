namespace DotRec.Data.Tests;

public class IdColumnsTests
{
    [Fact]
    public void Rows_without_an_id_are_left_out_and_whole_numbers_are_integers()
    {
        var row = new Column<long>("row", [0, 1, 2]);
        Assert.Equal([0L, 2], new FeatureBatch(row, new Column<string>("id", ["a", " ", "b"])).WithIds("id").Get<long>("row").Values.ToArray());
        Assert.Equal([7L, 9], new FeatureBatch(row, new Column<double>("id", [7, double.NaN, 9])).WithIds("id").Get<long>("id").Values.ToArray());
        Assert.Equal([7L, 9], new FeatureBatch(row, new Column<float>("id", [7, float.NaN, 9])).WithIds("id").Get<long>("id").Values.ToArray());
        var whole = new FeatureBatch(row, new Column<string>("id", ["a", "b", "c"]));
        Assert.Same(whole, whole.WithIds("id"));
        Assert.Equal(0, new FeatureBatch(row, new Column<string>("id", ["", "", ""])).WithIds("id").RowCount);
    }

    [Fact]
    public void What_is_no_id_is_refused()
    {
        var data = new FeatureBatch(new Column<double>("x", [0.5]), new Column<long>("l", [1], [0, 1]));
        Assert.StartsWith("Column 'x: Float64' cannot be read as Int64: row 1 has 0.5", Assert.Throws<ArgumentException>(() => data.WithIds("x")).Message);
        Assert.StartsWith("Column 'l: Int64[]' holds lists; ids are texts or whole numbers", Assert.Throws<ArgumentException>(() => data.WithIds("l")).Message);
    }

    [Theory]
    [InlineData("id", true)]
    [InlineData("ID", true)]
    [InlineData("user_id", true)]
    [InlineData("userId", true)]
    [InlineData("Item ID", true)]
    [InlineData("c14-id", true)]
    [InlineData("paid", false)]
    [InlineData("humid", false)]
    [InlineData("BID", false)]
    [InlineData("identity", false)]
    public void Names_say_whether_a_column_holds_ids(string name, bool expected) => Assert.Equal(expected, IdColumns.IsIdName(name));
}

namespace DotRec.Data.Tests;

public class FeatureBatchTests
{
    private static readonly FeatureBatch Batch = FeatureBatch.From(
    [
        new { user = "a", movie = 1L, stars = 3f },
        new { user = "b", movie = 2L, stars = 4f },
        new { user = "a", movie = 3L, stars = 5f },
    ]);

    [Fact]
    public void Columns_are_chosen_added_replaced_dropped_and_renamed_by_name()
    {
        Assert.Equal("stars: Float32, user: String", Schema(Batch.SelectColumns("stars", "user")));
        Assert.Equal("user: String, movie: Int64, stars: Float32, n: Int64", Schema(Batch.With(new Column<long>("n", [1, 2, 3]))));
        Assert.Equal("user: Int64, movie: Int64, stars: Float32", Schema(Batch.With(new Column<long>("user", [1, 2, 3]))));
        Assert.Equal("user: String", Schema(Batch.DropColumns("movie", "stars")));
        Assert.Equal("user: String, item: Int64, stars: Float32", Schema(Batch.Rename("movie", "item")));
        Assert.Equal("user: String, movie: Int64, stars: Float32", Schema(Batch));
    }

    [Fact]
    public void Slices_concatenate_to_the_whole_whatever_the_order_of_columns()
    {
        var whole = FeatureBatch.Concatenate(Batch.Slice(0, 1), Batch.Slice(1, 2).SelectColumns("stars", "movie", "user"), Batch.Slice(3, 0));
        Assert.Equal(Batch.Schema, whole.Schema);
        Assert.Equal(["a", "b", "a"], whole.Get<string>("user").Values.ToArray());
        Assert.Equal([3f, 4f, 5f], whole.Get<float>("stars").Values.ToArray());
    }

    [Fact]
    public void The_first_row_of_each_value_is_kept_by_distinct()
    {
        Assert.Equal([1L, 2L], Batch.DistinctBy("user").Get<long>("movie").Values.ToArray());
        Assert.Equal(3, Batch.DistinctBy("movie").RowCount);
        Assert.StartsWith("Column 'stars: Float32' cannot be a key", Assert.Throws<ArgumentException>(() => Batch.DistinctBy("stars")).Message);
    }

    [Fact]
    public void A_join_brings_the_row_with_the_same_key()
    {
        var users = FeatureBatch.From([new { user = "b", age = 20 }, new { user = "a", age = 10 }]);
        var joined = Batch.Join(users, on: "user");
        Assert.Equal("user: String, movie: Int64, stars: Float32, age: Int64", Schema(joined));
        Assert.Equal([10L, 20L, 10L], joined.Get<long>("age").Values.ToArray());
    }

    [Fact]
    public void A_join_that_loses_or_doubles_rows_is_refused()
    {
        Assert.StartsWith(
            "Row 1 has 'user' b, which is not in the table that is joined.",
            Assert.Throws<ArgumentException>(() => Batch.Join(FeatureBatch.From([new { user = "a", age = 1 }]), "user")).Message);
        Assert.StartsWith(
            "A join needs each 'user' once in the table that is joined, but a is there twice.",
            Assert.Throws<ArgumentException>(() => Batch.Join(FeatureBatch.From([new { user = "a", age = 1 }, new { user = "a", age = 2 }]), "user")).Message);
        Assert.StartsWith(
            "The key columns of a join must have one type, not 'user: String' and 'user: Int64'.",
            Assert.Throws<ArgumentException>(() => Batch.Join(FeatureBatch.From([new { user = 1 }]), "user")).Message);
        Assert.StartsWith(
            "Two columns are named 'stars'.", Assert.Throws<ArgumentException>(() => Batch.Join(FeatureBatch.From([new { user = "a", stars = 1 }, new { user = "b", stars = 1 }]), "user")).Message);
    }

    [Fact]
    public void Mistakes_are_told_by_name()
    {
        Assert.StartsWith("There is no column 'item'. The columns are: user, movie, stars.", Assert.Throws<ArgumentException>(() => Batch["item"]).Message);
        Assert.StartsWith("Column 'user' holds String values, not Int64.", Assert.Throws<ArgumentException>(() => Batch.Get<long>("user")).Message);
        Assert.StartsWith("Column 'n' has 1 rows but column 'user' has 3.", Assert.Throws<ArgumentException>(() => Batch.With(new Column<long>("n", [1]))).Message);
        Assert.StartsWith("Two columns are named 'user'.", Assert.Throws<ArgumentException>(() => Batch.Rename("movie", "user")).Message);
        Assert.StartsWith("A feature batch needs at least one column.", Assert.Throws<ArgumentException>(() => Batch.DropColumns("user", "movie", "stars")).Message);
        Assert.StartsWith("Batches of different columns cannot be concatenated:", Assert.Throws<ArgumentException>(() => FeatureBatch.Concatenate(Batch, Batch.SelectColumns("user"))).Message);
        Assert.StartsWith("Concatenating needs at least one batch.", Assert.Throws<ArgumentException>(() => FeatureBatch.Concatenate()).Message);
        Assert.False(Batch.TryGet("item", out _));
    }

    private static string Schema(FeatureBatch batch) => string.Join(", ", batch.Schema);
}

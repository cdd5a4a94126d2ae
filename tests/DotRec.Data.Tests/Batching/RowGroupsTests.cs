using CsCheck;

namespace DotRec.Data.Tests;

public class RowGroupsTests
{
    [Fact]
    public void Groups_come_in_the_order_of_their_first_row_and_keep_the_order_of_rows()
    {
        var groups = RowGroups.Of<string>(["b", "a", "b", "c", "a"]);

        Assert.Equal((3, 5), (groups.Count, groups.RowCount));
        Assert.Equal([0, 2], groups[0].ToArray());
        Assert.Equal([1, 4], groups[1].ToArray());
        Assert.Equal([3], groups[2].ToArray());
        var selected = groups.Select([4, 2, 1]);
        Assert.Equal([0, 2], selected[0].ToArray());
        Assert.Equal([1], selected[1].ToArray());
        Assert.Equal([2, 3], RowGroups.OfLength(2, 3)[1].ToArray());
        Assert.Equal(0, RowGroups.Of<long>([]).Count);
    }

    [Fact]
    public void Columns_of_texts_and_integers_group_rows_and_others_do_not()
    {
        var data = new FeatureBatch(
            new Column<long>("id", [5, 6, 5]), new Column<string>("name", ["x", "y", "y"]), new Column<float>("age", [1, 1, 1]), new Column<long>("list", [1, 2, 3], [0, 1, 2, 3]));

        Assert.Equal([0, 2], RowGroups.By(data, "id")[0].ToArray());
        Assert.Equal([1, 2], RowGroups.By(data, "name")[1].ToArray());
        Assert.Throws<ArgumentException>(() => RowGroups.By(data, "age"));
        Assert.Throws<ArgumentException>(() => RowGroups.By(data, "list"));
        Assert.Throws<ArgumentException>(() => RowGroups.By(data, "absent"));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowGroups.By(data, "id").Select([3]));
    }

    [Fact]
    public void No_batch_cuts_a_group_and_every_row_comes_once() =>
        Gen.Select(Gen.Int[0, 12].Array[1, 80], Gen.Int[1, 30], Gen.Bool).Sample((ids, batchSize, shuffle) =>
        {
            var groups = RowGroups.Of<int>(ids);
            var loader = BatchLoader.Rows(ids.Length, new BatchOptions { BatchSize = batchSize, Shuffle = shuffle, Seed = 5, Groups = groups });
            var batches = loader.Epoch(1).Select(rows => rows.ToArray()).ToArray();

            Assert.Equal(loader.BatchCount, batches.Length);
            Assert.Equal(Enumerable.Range(0, ids.Length), batches.SelectMany(rows => rows).Order());
            Assert.All(batches, rows => Assert.DoesNotContain(batches.Where(other => other != rows).SelectMany(other => other), row => rows.Any(mine => ids[mine] == ids[row])));
            Assert.All(batches[..^1], rows => Assert.Equal(batches[0].Select(row => ids[row]).Distinct().Count(), rows.Select(row => ids[row]).Distinct().Count()));
            Assert.Equal(batches.SelectMany(rows => rows), loader.Epoch(1).SelectMany(rows => rows.ToArray()));
        }, iter: 200);

    [Fact]
    public void Epochs_have_orders_of_their_own_and_groups_of_other_data_are_refused()
    {
        var options = new BatchOptions { BatchSize = 10, Groups = RowGroups.OfLength(5, 20) };
        var loader = BatchLoader.Rows(100, options);

        var cancellation = TestContext.Current.CancellationToken;

        Assert.NotEqual(loader.Epoch(0, cancellation).SelectMany(rows => rows.ToArray()), loader.Epoch(1, cancellation).SelectMany(rows => rows.ToArray()));
        Assert.All(loader.Epoch(0, cancellation), rows => Assert.Equal(10, rows.Length));
        Assert.Contains("100 rows, the data has 99", Assert.Throws<ArgumentException>(() => BatchLoader.Rows(99, options)).Message, StringComparison.Ordinal);
    }
}

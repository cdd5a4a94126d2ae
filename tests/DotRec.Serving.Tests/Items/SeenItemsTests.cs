using CsCheck;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving.Tests;

public sealed class SeenItemsTests
{
    private static readonly ItemIds Items = ItemIds.From(Enumerable.Range(0, 20).Select(id => 100L + id).ToArray());

    [Fact]
    public void Every_query_id_gets_its_different_items_ascending_after_any_order_and_a_file() => Gen.Select(
            Gen.Int[0, 9].Array[0, 200], Gen.Long[95, 125].Array[200])
        .Sample(
            (queries, items) =>
            {
                var texts = Array.ConvertAll(queries, query => "é" + TestCorpus.Text(query));
                var numbers = Array.ConvertAll(queries, query => (long)query - 5);
                var taken = items[..queries.Length];
                using var folder = new TemporaryFolder();
                var byText = Reread(SeenItems.From(new(new Column<string>("user", texts), new Column<long>("item", taken)), "user", "item", Items), folder["text"]);
                var byNumber = Reread(SeenItems.From(new(new Column<long>("user", numbers), new Column<long>("item", taken)), "user", "item", Items), folder["number"]);
                for (var query = -1; query < 11; query++)
                {
                    var expected = queries.Zip(items).Where(pair => pair.First == query).Select(pair => Items.RowOf(pair.Second)).Where(row => row >= 0).Distinct().Order().ToArray();
                    Assert.Equal(expected, byText.RowsOf("é" + TestCorpus.Text(query)).ToArray());
                    Assert.Equal(expected, byNumber.RowsOf(query - 5L).ToArray());
                    Assert.Equal(expected.Length > 0, byText.Contains("é" + TestCorpus.Text(query)));
                    Assert.Empty(byText.RowsOf(query - 5L).ToArray());
                }
            },
            iter: 30);

    [Fact]
    public void Columns_that_cannot_hold_ids_are_refused()
    {
        var data = new FeatureBatch(new Column<float>("user", [1]), new Column<long>("item", [100]));
        Assert.StartsWith("Column 'user: Float32' cannot hold query ids", Assert.Throws<ArgumentException>(() => SeenItems.From(data, "user", "item", Items)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Column 'user: Float32' cannot hold item ids", Assert.Throws<ArgumentException>(() => SeenItems.From(data, "item", "user", Items)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_names_items_outside_the_index_is_refused()
    {
        using var folder = new TemporaryFolder();
        SeenItemsFile.Write(folder["seen"], SeenItems.From(new(new Column<long>("user", [1]), new Column<long>("item", [119])), "user", "item", Items));
        Assert.Contains("are not all among the 19 of the index", Assert.Throws<BundleException>(
            () => SeenItemsFile.Open(folder["seen"], "user", itemCount: 19).RowsOf(1)).Message, StringComparison.Ordinal);
    }

    private static SeenItems Reread(SeenItems seen, string path)
    {
        SeenItemsFile.Write(path, seen);
        var read = SeenItemsFile.Open(path, "user", Items.Count);
        Assert.Equal((seen.Count, seen.QueryCount), (read.Count, read.QueryCount));
        return read;
    }
}

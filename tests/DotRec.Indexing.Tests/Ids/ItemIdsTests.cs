using System.Text;
using CsCheck;

namespace DotRec.Indexing.Tests;

public class ItemIdsTests
{
    [Fact]
    public void Every_string_id_is_found_at_its_row_and_read_back() =>
        Gen.String.Array[0, 200].Sample(texts =>
        {
            // Half a surrogate pair is refused (see below); the law is about valid text.
            var ids = texts.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))).Distinct(StringComparer.Ordinal).ToArray();
            var items = ItemIds.From(ids);
            Assert.Equal(ids.Length, items.Count);
            Assert.Equal(ItemIdType.String, items.Type);
            for (var row = 0; row < ids.Length; row++)
            {
                Assert.Equal(row, items.RowOf(ids[row]));
                Assert.Equal(ids[row], items.GetString(row));
                Assert.Equal(ids[row], items[row]);
            }
        });

    [Fact]
    public void Every_integer_id_is_found_at_its_row_and_read_back() =>
        Gen.Long.Array[0, 200].Sample(values =>
        {
            var ids = values.Distinct().ToArray();
            var items = ItemIds.From(ids);
            Assert.Equal(ItemIdType.Int64, items.Type);
            for (var row = 0; row < ids.Length; row++)
            {
                Assert.Equal(row, items.RowOf(ids[row]));
                Assert.Equal(ids[row], items.GetInt64(row));
            }
        });

    [Fact]
    public void An_absent_id_has_row_minus_one()
    {
        var texts = ItemIds.From(["a", "b", ""]);
        var numbers = ItemIds.From([5L, -7L, long.MaxValue]);
        Assert.Equal([-1, 2, -1], texts.RowsOf(["c", "", "a "]));
        Assert.Equal([-1, 1, 2], numbers.RowsOf([7L, -7L, long.MaxValue]));
        Assert.Equal(-1, texts.RowOf("\ud800"));
        Assert.Equal(-1, ItemIds.From(ReadOnlySpan<string>.Empty).RowOf("a"));
        Assert.Equal(-1, ItemIds.From(ReadOnlySpan<long>.Empty).RowOf(0L));
    }

    [Fact]
    public void A_string_and_an_integer_are_never_equal()
    {
        Assert.Equal(-1, ItemIds.From(["5"]).RowOf(5L));
        Assert.Equal(-1, ItemIds.From([5L]).RowOf("5"));
    }

    [Fact]
    public void Ids_of_items_are_found_by_value_and_texts_are_no_integers()
    {
        ItemId[] ids = [5L, 5, "5", Guid.Empty];
        var (integers, texts) = (ItemIds.From([1L, 5L]), ItemIds.From(["5", "00000000-0000-0000-0000-000000000000"]));
        Assert.Equal([1, 1, -1, -1], ids.Select(integers.RowOf));
        Assert.Equal([-1, -1, 0, 1], ids.Select(texts.RowOf));
    }

    [Fact]
    public void A_range_names_rows_by_their_numbers()
    {
        var items = ItemIds.Range(3);
        Assert.Equal([0, 2, -1, -1], items.RowsOf([0L, 2L, 3L, -1L]));
        Assert.Equal(2L, items[2]);
    }

    [Fact]
    public void A_repeated_string_id_is_refused_with_both_rows()
    {
        var error = Assert.Throws<ArgumentException>(() => ItemIds.From(["a", "film", "b", "film"]));
        Assert.Equal("Id 'film' is given to rows 1 and 3. Every item needs an id of its own. (Parameter 'ids')", error.Message);
    }

    [Fact]
    public void A_repeated_integer_id_is_refused_with_both_rows()
    {
        var error = Assert.Throws<ArgumentException>(() => ItemIds.From([4L, 9L, 4L]));
        Assert.Equal("Id 4 is given to rows 0 and 2. Every item needs an id of its own. (Parameter 'ids')", error.Message);
    }

    [Fact]
    public void A_null_id_is_refused_with_its_row()
    {
        var error = Assert.Throws<ArgumentException>(() => ItemIds.From(["a", null!]));
        Assert.Equal("The id of row 1 is null. Every item needs an id. (Parameter 'ids')", error.Message);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_with_its_row()
    {
        // As UTF-8 all of them would become U+FFFD, and different ids would be one.
        var error = Assert.Throws<ArgumentException>(() => ItemIds.From(["a", "b\ud800"]));
        Assert.StartsWith("The id of row 1 is not valid text: it holds half a surrogate pair at position 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_outside_is_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ItemIds.From(["a", "b"])[2]);
        Assert.StartsWith("Row 2 was asked for, but there are 2 items: rows are 0 to 1.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ItemIds.Range(2).GetInt64(-1));
    }

    [Fact]
    public void The_other_type_of_id_is_refused_by_name()
    {
        Assert.Equal("The item ids are strings, not 64-bit integers. Use GetString.",
            Assert.Throws<InvalidOperationException>(() => ItemIds.From(["a"]).GetInt64(0)).Message);
        Assert.Equal("The item ids are 64-bit integers, not strings. Use GetInt64.",
            Assert.Throws<InvalidOperationException>(() => ItemIds.From([1L]).GetString(0)).Message);
    }

    [Fact]
    public void Long_ids_are_found()
    {
        var ids = Enumerable.Range(0, 20).Select(i => new string('x', 5000) + i).ToArray();
        var items = ItemIds.From(ids);
        Assert.Equal(Enumerable.Range(0, 20), items.RowsOf(ids));
    }

    [Fact]
    public void A_look_up_allocates_nothing()
    {
        var items = ItemIds.From(["alpha", "beta"]);
        Assert.Equal(0, Allocation.BytesACall(() =>
        {
            items.RowOf("beta");
            items.RowOf("absent");
        }));
    }
}

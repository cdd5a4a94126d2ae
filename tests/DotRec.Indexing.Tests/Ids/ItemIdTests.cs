namespace DotRec.Indexing.Tests;

public class ItemIdTests
{
    [Fact]
    public void Texts_integers_and_guids_turn_into_ids_by_themselves()
    {
        var guid = Guid.Parse("aaaabbbb-1111-2222-3333-444455556666");
        ItemId[] ids = ["a", 7, 8L, guid];
        Assert.Equal("a, 7, 8, aaaabbbb-1111-2222-3333-444455556666", string.Join(", ", ids));
        Assert.Equal([ItemIdType.String, ItemIdType.Int64, ItemIdType.Int64, ItemIdType.String], ids.Select(id => id.Type));
        Assert.Equal(["a", 7L, 8L, guid.ToString()], ids.Select(id => id.Value));
    }

    [Fact]
    public void Equal_ids_are_equal_and_a_text_is_never_an_integer()
    {
        Assert.Equal(new ItemId("7"), (ItemId)"7");
        Assert.True((ItemId)7 == 7L);
        Assert.True((ItemId)"7" != 7);
        Assert.False(new ItemId("7").Equals((object)"7"));
        Assert.Equal(3, new HashSet<ItemId> { "a", 1, "a", 1L, "1" }.Count);
    }

    [Fact]
    public void The_other_kind_is_asked_for_in_vain()
    {
        Assert.StartsWith("The item id 7 is an integer", Assert.Throws<InvalidOperationException>(() => ((ItemId)7).Text).Message);
        Assert.StartsWith("The item id \"a\" is a text", Assert.Throws<InvalidOperationException>(() => ((ItemId)"a").Number).Message);
        Assert.Throws<ArgumentNullException>(() => (ItemId)(string)null!);
    }
}

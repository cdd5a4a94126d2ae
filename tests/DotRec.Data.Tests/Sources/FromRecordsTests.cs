namespace DotRec.Data.Tests;

public class FromRecordsTests
{
    private enum Mood
    {
        Calm,
        Merry,
    }

    [Fact]
    public void Every_supported_property_type_becomes_a_column_in_order_of_declaration()
    {
        var time = new DateTimeOffset(2001, 9, 9, 3, 46, 40, TimeSpan.FromHours(2));
        var data = FeatureBatch.From(
        [
            new Everything("a", 1, 2, 3, 4.5f, 5.5, 6.5m, true, Mood.Merry, time.UtcDateTime, time, Guid.Empty, ["x", "y"], [1, 2], [0.5]),
            new Everything("b", -1, -2, 255, -4.5f, -5.5, -6.5m, false, Mood.Calm, time.DateTime, time, Guid.Empty, [], [], [1.5, 2.5]),
        ]);

        Assert.Equal(
            "Text: String, Integer: Int64, Long: Int64, Byte: Int64, Float: Float32, Double: Float32, Decimal: Float32, Bool: Int64, Mood: String, " +
            "Time: Int64, Moment: Int64, Guid: String, Texts: String[], Integers: Int64[], Doubles: Float32[]",
            string.Join(", ", data.Schema));
        Assert.Equal(["a", "b"], data.Get<string>("Text").Values.ToArray());
        Assert.Equal([1L, -1L], data.Get<long>("Integer").Values.ToArray());
        Assert.Equal([3L, 255L], data.Get<long>("Byte").Values.ToArray());
        Assert.Equal([4.5f, -4.5f], data.Get<float>("Float").Values.ToArray());
        Assert.Equal([6.5f, -6.5f], data.Get<float>("Decimal").Values.ToArray());
        Assert.Equal([1L, 0L], data.Get<long>("Bool").Values.ToArray());
        Assert.Equal(["Merry", "Calm"], data.Get<string>("Mood").Values.ToArray());
        Assert.Equal([1_000_000_000L, 1_000_007_200L], data.Get<long>("Time").Values.ToArray());
        Assert.Equal([1_000_000_000L, 1_000_000_000L], data.Get<long>("Moment").Values.ToArray());
        Assert.Equal(["x", "y"], data.Get<string>("Texts").Row(0).ToArray());
        Assert.True(data.Get<string>("Texts").Row(1).IsEmpty);
        Assert.Equal([1L, 2L], data.Get<long>("Integers").Row(0).ToArray());
        Assert.Equal([1.5f, 2.5f], data.Get<float>("Doubles").Row(1).ToArray());
    }

    [Fact]
    public void Anonymous_objects_and_empty_sequences_work()
    {
        Assert.Equal(["42"], FeatureBatch.From([new { user_id = "42" }]).Get<string>("user_id").Values.ToArray());
        Assert.Equal(0, FeatureBatch.From(Array.Empty<Rating>()).RowCount);
    }

    [Fact]
    public void A_sequence_is_enumerated_once()
    {
        var enumerations = 0;
        IEnumerable<Rating> Rows()
        {
            enumerations++;
            yield return new Rating("a", 1);
        }

        Assert.Equal(1, FeatureBatch.From(Rows()).RowCount);
        Assert.Equal(1, enumerations);
    }

    [Fact]
    public void Errors_name_the_property_and_the_row()
    {
        Assert.StartsWith("'User' is null in row 1.", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new Rating("a", 1), new Rating(null!, 2)])).Message);
        Assert.StartsWith("'Tags' is null in row 0.", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new { Tags = (string[])null! }])).Message);
        Assert.StartsWith("'Tags' is null in row 0.", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new { Tags = new string[] { null! } }])).Message);
        Assert.StartsWith("Row 1 is null.", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new Rating("a", 1), null!])).Message);
        Assert.StartsWith(
            "Property 'Address' of", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new { Address = new Uri("http://example.org") }])).Message);
        Assert.StartsWith("String has no properties to make columns of.", Assert.Throws<ArgumentException>(() => FeatureBatch.From(["a"])).Message);
    }

    private sealed record Rating(string User, int Value);

    private sealed record Everything(
        string Text, int Integer, long Long, byte Byte, float Float, double Double, decimal Decimal, bool Bool, Mood Mood, DateTime Time,
        DateTimeOffset Moment, Guid Guid, IReadOnlyList<string> Texts, int[] Integers, List<double> Doubles);
}

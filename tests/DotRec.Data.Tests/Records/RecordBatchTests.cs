namespace DotRec.Data.Tests;

public class RecordBatchTests
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
            "Text: String, Integer: Int64, Long: Int64, Byte: Int64, Float: Float32, Double: Float64, Decimal: Float64, Bool: Int64, Mood: String, " +
            "Time: Float64, Moment: Float64, Guid: String, Texts: String[], Integers: Int64[], Doubles: Float64[]",
            string.Join(", ", data.Schema));
        Assert.Equal(["a", "b"], data.Get<string>("Text").Values.ToArray());
        Assert.Equal([1L, -1L], data.Get<long>("Integer").Values.ToArray());
        Assert.Equal([3L, 255L], data.Get<long>("Byte").Values.ToArray());
        Assert.Equal([4.5f, -4.5f], data.Get<float>("Float").Values.ToArray());
        Assert.Equal([6.5, -6.5], data.Get<double>("Decimal").Values.ToArray());
        Assert.Equal([1L, 0L], data.Get<long>("Bool").Values.ToArray());
        Assert.Equal(["Merry", "Calm"], data.Get<string>("Mood").Values.ToArray());
        Assert.Equal([1_000_000_000.0, 1_000_007_200.0], data.Get<double>("Time").Values.ToArray());
        Assert.Equal([1_000_000_000.0, 1_000_000_000.0], data.Get<double>("Moment").Values.ToArray());
        Assert.Equal(["x", "y"], data.Get<string>("Texts").Row(0).ToArray());
        Assert.True(data.Get<string>("Texts").Row(1).IsEmpty);
        Assert.Equal([1L, 2L], data.Get<long>("Integers").Row(0).ToArray());
        Assert.Equal([1.5, 2.5], data.Get<double>("Doubles").Row(1).ToArray());
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
    public void Null_is_a_missing_value()
    {
        var data = FeatureBatch.From([new Sparse("a", 1, 2.5f, 7, ["x", null], [1, null, 3]), new Sparse(null, null, null, null, null, null)]);
        Assert.Equal(["a", ""], data.Get<string>("Text").Values.ToArray());
        Assert.Equal([1.0, double.NaN], data.Get<double>("Count").Values.ToArray());
        Assert.Equal([2.5f, float.NaN], data.Get<float>("Price").Values.ToArray());
        Assert.Equal([7.0, double.NaN], data.Get<double>("Score").Values.ToArray());
        Assert.Equal(["x"], data.Get<string>("Tags").Values.ToArray());
        Assert.Equal([0, 2, 2], data.Get<long>("Visits").Offsets.ToArray());
        Assert.Equal([1L, 3L], data.Get<long>("Visits").Values.ToArray());
    }

    [Fact]
    public void Nullable_integers_of_which_none_is_missing_stay_integers() =>
        Assert.Equal([1L, long.MaxValue], FeatureBatch.From([new { Id = (long?)1 }, new { Id = (long?)long.MaxValue }]).Get<long>("Id").Values.ToArray());

    [Fact]
    public void An_integer_beside_missing_ones_is_kept_exactly_or_refused() => Assert.StartsWith(
        "'Id' is 9007199254740993 in row 0 and missing in row 1",
        Assert.Throws<InvalidValueException>(() => FeatureBatch.From([new { Id = (long?)9007199254740993 }, new { Id = (long?)null }])).Message);

    [Fact]
    public void Entities_keep_what_columns_hold_and_leave_out_the_rest()
    {
        var data = FeatureBatch.From([new Entity { Id = 5, Name = "n", Parent = new Entity(), Stamp = [1, 2], Born = new DateOnly(1970, 1, 3), Lasts = TimeSpan.FromMinutes(2), Opens = new TimeOnly(1, 0), Small = (Half)0.5 }]);
        Assert.Equal("Id: Int64, Name: String, Born: Int64, Lasts: Float64, Opens: Float64, Small: Float32", string.Join(", ", data.Schema));
        Assert.Equal(2 * 86_400, data.Get<long>("Born").Values[0]);
        Assert.Equal(120, data.Get<double>("Lasts").Values[0]);
        Assert.Equal(3600, data.Get<double>("Opens").Values[0]);
    }

    [Fact]
    public void Times_keep_their_fractions()
    {
        var time = new DateTime(2024, 5, 6, 7, 8, 9, 123, DateTimeKind.Utc);
        var seconds = FeatureBatch.From([new { At = time }, new { At = time.AddMilliseconds(1) }]).Get<double>("At").Values;
        Assert.Equal(0.001, seconds[1] - seconds[0], 1e-6);
        Assert.Equal(time, DateTime.UnixEpoch.AddSeconds(seconds[0]), TimeSpan.FromMicroseconds(1));
    }

    [Theory]
    [InlineData("user_id")]
    [InlineData("UserId")]
    [InlineData("USER ID")]
    [InlineData("user-id")]
    public void A_schema_finds_properties_by_the_policy_of_names(string name)
    {
        var data = FeatureBatch.From([new { UserId = 42, Extra = 1 }], [new ColumnSchema(name, ColumnType.Int64)]);
        Assert.Equal([42L], data.Get<long>(name).Values.ToArray());
        Assert.Equal(42L, FeatureBatch.From([new { UserId = 42 }])[name].ValueOf(0));
    }

    [Fact]
    public void The_exact_name_comes_before_those_alike()
    {
        var row = new { user_id = 1, UserId = 2 };
        Assert.Equal(1L, FeatureBatch.From([row])["user_id"].ValueOf(0));
        Assert.Equal(2L, FeatureBatch.From([row], [new ColumnSchema("UserId", ColumnType.Int64)])["UserId"].ValueOf(0));
        Assert.StartsWith("'userid' may be 'user_id' or 'UserId'.", Assert.Throws<ArgumentException>(() => FeatureBatch.From([row])["userid"]).Message);
    }

    [Fact]
    public void A_schema_that_does_not_fit_is_an_error()
    {
        ColumnSchema[] schema = [new("Name", ColumnType.String)];
        Assert.StartsWith("<>f__", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new { Nam = "a" }], schema)).Message);
        Assert.StartsWith("'Name' is a number; String was expected.", Assert.Throws<InvalidValueException>(() => FeatureBatch.From([new { Name = 1 }], schema)).Message);
        Assert.Contains("has the property 'Other'", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new { Name = "a", Other = 1 }], schema, strict: true)).Message);
        Assert.StartsWith(
            "Row 1: 'Id' received the Double 1.5; Int64 was expected.",
            Assert.Throws<ArgumentException>(() => FeatureBatch.From([new { Id = 1.0 }, new { Id = 1.5 }], [new("Id", ColumnType.Int64)])).Message);
    }

    [Fact]
    public async Task Asynchronous_sequences_give_what_sequences_give()
    {
        Rating[] rows = [new("a", 1), new("b", 2)];
        var data = await FeatureBatch.FromAsync(rows.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b"], data.Get<string>("User").Values.ToArray());
        Assert.Equal([1L, 2L], data.Get<long>("Value").Values.ToArray());
    }

    [Fact]
    public void Errors_name_the_row()
    {
        Assert.StartsWith("Row 1 is null.", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new Rating("a", 1), null!])).Message);
        Assert.StartsWith("Row 0: 18446744073709551615 is greater", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new { Id = ulong.MaxValue }])).Message);
        Assert.Contains("has no properties to make columns of", Assert.Throws<ArgumentException>(() => FeatureBatch.From([new { Address = new Uri("http://example.org") }])).Message);
        Assert.StartsWith("String has no properties to make columns of.", Assert.Throws<ArgumentException>(() => FeatureBatch.From(["a"])).Message);
    }

    /// <summary>What is compiled for a type of property and what looks at the value at run time are one rule.</summary>
    [Fact]
    public void Compiled_and_boxed_values_agree()
    {
        var row = new Everything(
            "t", -3, long.MinValue, 255, 1.25f, -2.5, 79.5m, true, Mood.Merry, new DateTime(2000, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc),
            new DateTimeOffset(1969, 12, 31, 23, 0, 0, TimeSpan.FromHours(1)), Guid.Parse("11112222-3333-4444-5555-666677778888"), ["x", "y"], [1, 2], [0.5]);
        var compiled = FeatureBatch.From([row]);
        foreach (var column in compiled.Columns)
        {
            foreach (var type in Enum.GetValues<ColumnType>())
            {
                var schema = column.Schema with { Type = type };
                var boxed = ColumnBuffer.Create(schema);
                var byValue = Record.Exception(() => boxed.AddObject(typeof(Everything).GetProperty(column.Name)!.GetValue(row)));
                FeatureBatch? typed = null;
                var byType = Record.Exception(() => typed = FeatureBatch.From([row], [schema]));
                Assert.True(byValue is null == byType is null, $"{schema}: {byValue?.Message} / {byType?.Message}");
                if (typed is not null)
                {
                    Assert.Equal(boxed.Build().ValueOf(0), typed[column.Name].ValueOf(0));
                }
            }
        }
    }

    private sealed class Entity
    {
        public int Id { get; set; }

        public string? Name { get; set; }

        public Entity? Parent { get; set; }

        public byte[]? Stamp { get; set; }

        public DateOnly Born { get; set; }

        public TimeSpan Lasts { get; set; }

        public TimeOnly Opens { get; set; }

        public Half Small { get; set; }

        public int this[int index] => index;
    }

    private sealed record Sparse(string? Text, int? Count, float? Price, decimal? Score, string?[]? Tags, List<int?>? Visits);

    private sealed record Rating(string User, int Value);

    private sealed record Everything(
        string Text, int Integer, long Long, byte Byte, float Float, double Double, decimal Decimal, bool Bool, Mood Mood, DateTime Time,
        DateTimeOffset Moment, Guid Guid, IReadOnlyList<string> Texts, int[] Integers, List<double> Doubles);
}

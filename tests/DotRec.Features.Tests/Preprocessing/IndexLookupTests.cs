using DotRec.Data;

namespace DotRec.Features.Tests;

public sealed class IndexLookupTests
{
    private static readonly FeatureBatch Films = new(
        new Column<string>("film", ["Brazil", "Alien", "Brazil", "Zodiac", "Alien", "Brazil", "Heat", "Argo"]),
        new Column<long>("year", [1985, 1979, 1985, 2007, 1979, 1985, 1995, -7]),
        new Column<string>("genre", ["war", "film", "war"], [0, 2, 2, 2, 3, 3, 3, 3, 3]),
        new Column<float>("price", [1.5f, 2, 3, 4, 5, 6, 7, 8]));

    [Fact]
    public void Vocabulary_is_ordered_by_falling_frequency_then_ordinally()
    {
        Assert.Equal(["Brazil", "Alien", "Argo", "Heat", "Zodiac"], new StringLookup("film", Films).Vocabulary);
        Assert.Equal([1985L, 1979, -7, 1995, 2007], new IntegerLookup("year", Films).Vocabulary);
        Assert.Equal(["war", "film"], new StringLookup("genre", Films).Vocabulary);
    }

    [Fact]
    public void Row_zero_is_for_everything_unknown_and_known_values_follow()
    {
        var lookup = new StringLookup("film", ["Heat", "Alien"]);
        Assert.Equal([0, 2, 0, 0, 2, 0, 1, 0], lookup.Encode(Films).Values.ToArray());
        Assert.Equal(3, lookup.Cardinality);
        Assert.Equal((1, 0), (lookup.RowOf("Heat"), lookup.RowOf("heat")));
    }

    [Fact]
    public void Limits_leave_the_rare_values_out_and_count_what_they_leave_out()
    {
        var few = new StringLookup("film", Films, maxTokens: 3);
        Assert.Equal(["Brazil", "Alien"], few.Vocabulary);
        Assert.Equal(3, few.Output.Cardinality);
        Assert.Equal(new OovStatistics(8, 3), few.AdaptStatistics);
        Assert.Equal(3 / 8.0, few.AdaptStatistics!.OovRate);
        Assert.Equal(["Brazil"], new StringLookup("film", Films, minimumCount: 3).Vocabulary);
    }

    [Fact]
    public void Encode_reports_the_share_of_unknown_values_of_its_last_batch()
    {
        var lookup = new StringLookup("film", Films);
        Assert.Null(lookup.EncodeStatistics);
        lookup.Encode(Films);
        Assert.Equal(new OovStatistics(8, 0), lookup.EncodeStatistics);
        lookup.Encode(new FeatureBatch(new Column<string>("film", ["Solaris", "Heat", "Stalker"])));
        Assert.Equal(new OovStatistics(3, 2), lookup.EncodeStatistics);
        Assert.Equal("2 of 3 values out of vocabulary (66.67 %)", lookup.EncodeStatistics!.ToString());
        lookup.Encode(new FeatureBatch(new Column<string>("film", [])));
        Assert.Equal(0, lookup.EncodeStatistics!.OovRate);
    }

    [Fact]
    public void Lists_keep_their_lengths()
    {
        var ids = new StringLookup("genre", Films).Encode(Films);
        Assert.Equal([1, 2, 1], ids.Values.ToArray());
        Assert.Equal([0, 2, 2, 2, 3, 3, 3, 3, 3], ids.Offsets.ToArray());
    }

    [Fact]
    public void A_null_string_is_the_empty_one_and_an_unpaired_surrogate_the_replacement_character()
    {
        var lookup = new StringLookup("film", new FeatureBatch(new Column<string>("film", [null!, "\uD800", null!, "\uFFFD", null!])));
        Assert.Equal(["", "\uFFFD"], lookup.Vocabulary);
        Assert.Equal((1, 2, 2), (lookup.RowOf(null!), lookup.RowOf("\uDFFF"), lookup.RowOf("\uFFFD")));
    }

    [Fact]
    public void A_given_vocabulary_survives_adapting()
    {
        var lookup = new StringLookup("genre", ["noir"]);
        Assert.False(lookup.Output.IsJagged);
        lookup.Adapt(Films);
        Assert.Equal(["noir"], lookup.Vocabulary);
        Assert.True(lookup.Output.IsJagged);
    }

    [Fact]
    public void A_layer_that_saw_no_data_says_so()
    {
        var lookup = new StringLookup("film");
        const string expected = "StringLookup(\"film\") is not adapted: it has seen no data. Call Adapt(data), or pass the data to its constructor.";
        Assert.False(lookup.IsAdapted);
        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => lookup.Encode(Films)).Message);
        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => lookup.Emit(new OnnxInputs(new Onnx.OnnxGraph("g")))).Message);
        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => lookup.Vocabulary).Message);
        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => lookup.Output).Message);
        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => lookup.Inputs).Message);
        Assert.Equal("StringLookup(\"film\"): not adapted", lookup.ToString());
        Assert.False(PreprocessingLayer.FromState(lookup.WriteState()).IsAdapted);
    }

    [Fact]
    public void Whole_numbers_in_columns_of_floats_are_ids()
    {
        var data = new FeatureBatch(new Column<double>("store", [17, 4, 17]));
        Assert.Equal([17L, 4], new IntegerLookup("store", data).Vocabulary);
        Assert.Equal(["17", "4"], new StringLookup("store", data).Vocabulary);
        Assert.Equal(new Hashing("store", ColumnType.Int64, bins: 50).Encode(data).Values.ToArray(), new Hashing("store", data, bins: 50).Encode(data).Values.ToArray());

        // What was learned from texts is found by numbers, and the other way round.
        var texts = new StringLookup("store", new FeatureBatch(new Column<string>("store", ["4", "17"])));
        Assert.Equal(texts.RowOf("17"), texts.Encode(data).Values.Span[0]);
        Assert.Equal(texts.RowOf("4"), texts.Encode(new FeatureBatch(new Column<long>("store", [4]))).Values.Span[0]);
        var integers = new IntegerLookup("store", data);
        Assert.Equal(integers.RowOf(17), integers.Encode(new FeatureBatch(new Column<string>("store", ["17"]))).Values.Span[0]);
        Refusal.Of(
            () => integers.Encode(new FeatureBatch(new Column<float>("store", [17, 4.5f]))),
            "IntegerLookup(\"store\") was adapted to 'store: Int64' but the batch holds 'store: Float32'. Column 'store: Float32' cannot be read as Int64: row 2 has 4.5, expected a whole number of 64 bits.");
    }

    [Fact]
    public void What_cannot_be_adapted_to_is_refused_and_changes_nothing()
    {
        var lookup = new StringLookup("film", Films);
        Refusal.Of(() => new StringLookup("year", Films), "StringLookup(\"year\") reads String columns; column 'year' holds Int64 values. Use IntegerLookup.");
        Refusal.Of(() => new IntegerLookup("film", Films), "IntegerLookup(\"film\") reads Int64 columns; column 'film' holds String values. Use StringLookup.");
        Refusal.Of(() => new StringLookup("price", Films), "column 'price' holds Float32 values. Use Discretization or Normalization.");
        Refusal.Of(() => new StringLookup("actor", Films), "needs a column 'actor', which the data lack. Their columns are: film, year, genre, price.");
        Refusal.Of(() => lookup.Adapt(new FeatureBatch(new Column<string>("film", []))), "StringLookup(\"film\") cannot adapt: the data have no rows.");
        Refusal.Of(() => lookup.Adapt(new FeatureBatch(new Column<string>("film", [], [0, 0]))), "cannot adapt: column 'film' holds no value.");
        Refusal.Of(() => new StringLookup("film", Films, minimumCount: 4), "none of the 5 different values occurs 4 times. Lower minimumCount.");
        Refusal.Of(() => new StringLookup("film", Films, maxTokens: 1), "maxTokens is 1; at least 2 are needed");
        Refusal.Of(() => new StringLookup("film", Films, minimumCount: 0), "minimumCount is 0; expected 1 or more.");
        Refusal.Of(() => new StringLookup("film", ["a", "b", "a"]), "StringLookup(\"film\"): The vocabulary holds 'a' twice, at positions 0 and 2. Remove one.");
        Refusal.Of(() => new IntegerLookup("year", []), "IntegerLookup(\"year\"): The vocabulary is empty; at least one value is needed.");
        Assert.Equal(5, lookup.Vocabulary.Count);
        Assert.False(lookup.Output.IsJagged);
    }

    [Fact]
    public void Lists_where_single_values_were_learned_are_refused()
    {
        var lookup = new StringLookup("film", Films);
        Refusal.Of(
            () => lookup.Encode(new FeatureBatch(new Column<string>("film", ["Heat"], [0, 1]))),
            "StringLookup(\"film\") was adapted to 'film: String' but the batch holds 'film: String[]'.");
    }

    [Fact]
    public void Summaries_show_the_size()
    {
        Assert.Equal("StringLookup(\"film\"): 5 values + OOV", new StringLookup("film", Films).ToString());
        Assert.Equal("IntegerLookup(\"year\"): 12,345 values + OOV", new IntegerLookup("year", Enumerable.Range(0, 12_345).Select(year => (long)year)).ToString());
    }
}

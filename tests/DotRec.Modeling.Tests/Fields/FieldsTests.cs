using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class FieldsTests
{
    private static readonly FeatureBatch Rows = ClickRows.Of(400, seed: 1);

    [Fact]
    public void Every_type_of_column_has_its_field()
    {
        var fields = Fields.Of(Rows, ["user", "item", "age", "visits", "title", "tags"], ClickRows.Options);
        Assert.Equal(
            ["StringLookup", "IntegerLookup", "Normalization", "Normalization", "TextVectorization", "StringLookup"], fields.Select(field => field.CreateLayers()[0].Name));
        Assert.Equal([false, false, true, true, false, false], fields.Select(field => field.IsNumeric));
        Assert.All(fields.Where(field => !field.IsNumeric), field => Assert.Equal(4, Assert.IsType<Embedding>(field.CreateLayers()[1]).Dimension));
    }

    [Fact]
    public void Missing_numbers_are_marked_where_some_are_missing_and_skewed_ones_enter_by_their_logarithm()
    {
        var fields = Fields.Of(Rows, ["age", "visits"], ClickRows.Options);
        var (age, visits) = ((Normalization)fields[0].Preprocessing, (Normalization)fields[1].Preprocessing);
        Assert.Equal((true, false), (age.MissingIndicator, age.Logarithmic));
        Assert.Equal((false, true), (visits.MissingIndicator, visits.Logarithmic));
        Assert.False(Normalized(NumberScale.Linear).Logarithmic);
        Assert.True(Normalized(NumberScale.Logarithmic).Logarithmic);
        var random = new SeededRandom(1);
        var even = new FeatureBatch(new Column<float>("x", [.. Enumerable.Range(0, 5000).Select(_ => (float)random.NextNormal())]));
        Assert.False(((Normalization)Fields.Of(even, ["x"])[0].Preprocessing).Logarithmic);
        var mostlyZero = new FeatureBatch(new Column<float>("x", [.. Enumerable.Range(0, 1000).Select(row => row % 50 == 0 ? 1000f * row : 0)]));
        Assert.False(((Normalization)Fields.Of(mostlyZero, ["x"])[0].Preprocessing).Logarithmic);

        Normalization Normalized(NumberScale scale) => (Normalization)Fields.Of(Rows, ["visits"], new FieldOptions { Numbers = ["visits"], NumberScale = scale })[0].Preprocessing;
    }

    [Fact]
    public void Numbers_may_be_put_in_bins()
    {
        var field = Fields.Of(Rows, ["age"], new FieldOptions { NumberBins = 8 })[0];
        Assert.False(field.IsNumeric);
        Assert.True(Assert.IsType<Discretization>(field.Preprocessing).MissingBin);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FieldOptions { NumberBins = 1 });
    }

    [Fact]
    public void With_a_label_numbers_also_enter_through_bins()
    {
        var fields = Fields.Of(Rows, ["user", "age", "visits"], ClickRows.Options with { Label = "clicked", MaximumBins = 5 });
        Assert.Equal(["user", "age", "age (bins)", "visits", "visits (bins)"], fields.Select(field => field.Name));
        var bins = Assert.IsType<PiecewiseLinear>(fields[2].Preprocessing);
        Assert.Equal(("clicked", 5, true), (bins.LabelColumn, bins.Bins, bins.MarksMissing));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FieldOptions { MaximumBins = 0 });
    }

    [Fact]
    public void A_constant_number_and_one_that_is_rarely_there_give_numbers()
    {
        var data = new FeatureBatch(
            new Column<float>("constant", [3, 3, 3, 3]), new Column<float>("rare", [float.NaN, float.NaN, 5, float.NaN]), new Column<float>("y", [0, 1, 0, 1]));
        var model = new RankingModel(new DeepCrossNetwork(Fields.Of(data, ["constant", "rare"])), "y");
        model.Fit(data, cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(model.Predict(data), score => Assert.InRange(score, 0, 1));
    }

    [Fact]
    public void Categories_rarer_than_the_least_count_share_the_row_of_unknown_ones()
    {
        var data = new FeatureBatch(new Column<string>("city", ["a", "a", "b", "c"]), new Column<long>("row", [1, 2, 3, 4]));
        int Rows(string column, int? least) => Fields.Of(data, [column], new FieldOptions { MinimumCount = least })[0].Preprocessing.Output.Cardinality!.Value;
        Assert.Equal([2, 4, 2], new int?[] { null, 1, 2 }.Select(least => Rows("city", least)));

        // Where nothing occurs twice, all would be unknown.
        Assert.Equal(5, Rows("row", null));
        Assert.Contains("none of the 4 different values occurs 2 times", Assert.Throws<ArgumentException>(() => Rows("row", 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_a_field_is_refused_with_a_way_out()
    {
        Refused("There is no column 'town'", ["town"], new FieldOptions());
        Refused("Name at least one column", [], new FieldOptions());
        Refused("'user' is named twice", ["user", "user"], new FieldOptions());
        Refused("does not hold numbers", ["user"], new FieldOptions { Numbers = ["user"] });
        Refused("There is no column 'vists'", ["visits"], new FieldOptions { Numbers = ["vists"] });
        var lists = new FeatureBatch(new Column<float>("prices", [1, 2], [0, 2]), new Column<float>("gone", [float.NaN]));
        Assert.Contains("Make columns of their length", Assert.Throws<ArgumentException>(() => Fields.Of(lists, ["prices"])).Message, StringComparison.Ordinal);
        Assert.Contains("every value of column 'gone' is missing", Assert.Throws<ArgumentException>(() => Fields.Of(lists, ["gone"])).Message, StringComparison.Ordinal);
    }

    private static void Refused(string message, string[] columns, FieldOptions options) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Fields.Of(Rows, columns, options)).Message, StringComparison.Ordinal);
}

using DotRec.Data;

namespace DotRec.Pipelines.Tests;

public class ColumnInferenceTests
{
    private static readonly Dictionary<string, FeatureKind> Nothing = [];

    [Fact]
    public void Whole_numbers_are_categories_when_they_are_few_dense_or_named_ids_and_numbers_otherwise()
    {
        var n = Enumerable.Range(0, 1000).ToArray();
        var data = new FeatureBatch(
            new Column<long>("few", Array.ConvertAll(n, i => i % 100 * 1000L)),
            new Column<long>("dense", Array.ConvertAll(n, i => 5000L + (i * 20))),
            new Column<long>("sparse", Array.ConvertAll(n, i => (long)i * 21)),
            new Column<long>("sparse_id", Array.ConvertAll(n, i => (long)i * 1_000_003)),
            new Column<float>("fraction", Array.ConvertAll(n, i => i % 2 == 0 ? 0.5f : float.NaN)),
            new Column<string>("text", Array.ConvertAll(n, i => i % 4 == 0 ? "" : "a")));
        var columns = ColumnInference.Infer(data, data.Columns.Select(column => column.Name), Nothing);
        Assert.Equal(
            [FeatureKind.Category, FeatureKind.Category, FeatureKind.Number, FeatureKind.Category, FeatureKind.Number, FeatureKind.Category],
            columns.Select(column => column.Kind));
        Assert.Equal([100, 1000, 1000, 1000, 1, 1], columns.Select(column => column.Distinct));
        Assert.Equal([0, 0, 0, 0, 500, 250], columns.Select(column => column.Missing));
    }

    [Fact]
    public void What_the_user_says_goes_before_what_a_column_looks_like()
    {
        var data = new FeatureBatch(new Column<long>("age", [1, 2]), new Column<string>("tags", ["a|b", ""]), new Column<float>("zip", [10115, float.NaN]));
        var columns = ColumnInference.Infer(data, ["age", "tags", "zip"], new Dictionary<string, FeatureKind>(StringComparer.Ordinal)
        {
            ["age"] = FeatureKind.Number,
            ["tags"] = FeatureKind.List,
            ["zip"] = FeatureKind.Category,
        });
        var converted = ColumnInference.Convert(data, columns);
        Assert.Equal([1f, 2f], converted.Get<float>("age").Values);
        Assert.Equal(["a", "b"], converted.Get<string>("tags").Row(0));
        Assert.Equal(["10115", ""], converted.Get<string>("zip").Values);
        Assert.Equal((2, 1), (columns[1].Distinct, columns[1].Missing));
        Assert.Throws<ArgumentException>(() => ColumnInference.Infer(data, ["tags"], new Dictionary<string, FeatureKind>(StringComparer.Ordinal) { ["tags"] = FeatureKind.Number }));
    }

    [Theory]
    [InlineData("yes,no,yes", null, "yes")]
    [InlineData("FALSE,TRUE,TRUE,TRUE", null, "TRUE")]
    [InlineData("<=50K,>50K,<=50K", null, ">50K")]
    [InlineData("a,b", null, "b")]
    [InlineData("a,b", "a", "a")]
    public void The_positive_of_two_texts_says_yes_or_is_the_rarer(string labels, string? said, string expected)
    {
        var coding = LabelCoding.Infer(new Column<string>("y", labels.Split(',')), said, RankingLoss.Auto);
        Assert.Equal(expected, coding.Positive);
        Assert.Equal(Array.ConvertAll(labels.Split(','), label => label == expected ? 1f : 0f), coding.Encode(new Column<string>("y", labels.Split(',')), "file").Values);
    }

    [Fact]
    public void The_positive_of_two_numbers_is_the_greater_and_more_numbers_are_a_rating()
    {
        Assert.Equal("10", LabelCoding.Infer(new Column<long>("y", [9, 10, 10]), positive: null, RankingLoss.Auto).Positive);
        Assert.Equal("1", LabelCoding.Infer(new Column<float>("y", [-1, 1]), positive: null, RankingLoss.Auto).Positive);
        Assert.False(LabelCoding.Infer(new Column<long>("y", [1, 2, 3]), positive: null, RankingLoss.Auto).IsBinary);
        Assert.False(LabelCoding.Infer(new Column<long>("y", [0, 1]), positive: null, RankingLoss.Squared).IsBinary);
    }

    [Fact]
    public void A_column_that_tells_the_label_is_suspected_and_an_id_is_not()
    {
        var n = Enumerable.Range(0, 100).ToArray();
        var labels = new Column<float>("y", Array.ConvertAll(n, i => i % 5 == 0 ? 1f : 0f));
        var data = new FeatureBatch(
            new Column<string>("copy", Array.ConvertAll(n, i => i % 5 == 0 ? "bought" : "left")),
            new Column<string>("bought_at", Array.ConvertAll(n, i => i % 5 == 0 ? $"{i}:00" : "")),
            new Column<long>("id", Array.ConvertAll(n, i => (long)i)),
            new Column<long>("x", Array.ConvertAll(n, i => (long)i % 3)));
        var warnings = LeakCheck.Warnings(data, ColumnInference.Infer(data, ["copy", "bought_at", "id", "x"], Nothing), labels).ToArray();
        Assert.Equal(2, warnings.Length);
        Assert.Contains("'copy' tells the label", warnings[0], StringComparison.Ordinal);
        Assert.Contains("whether column 'bought_at' has a value", warnings[1], StringComparison.Ordinal);
    }
}

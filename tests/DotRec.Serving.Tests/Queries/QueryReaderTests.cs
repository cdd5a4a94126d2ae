using CsCheck;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Serving.Tests;

public sealed class QueryReaderTests : IDisposable
{
    private readonly ServedModel _model = ServedModel.OfTower(StoredModel.InMemory(TestModels.MixedTower()), "query");

    public void Dispose() => _model.Dispose();

    private readonly record struct Point(int year, long[] history, float age);

    private sealed record Query(int year, List<long> history, double age);

    [Fact]
    public void Signature_lists_features_in_model_order_with_lists_as_one() =>
        Assert.Equal(
            [new("year", ColumnType.Int64), new ColumnSchema("history", ColumnType.Int64, IsJagged: true), new("age", ColumnType.Float32)],
            _model.Signature.Features);

    [Fact]
    public void Anonymous_objects_records_and_dictionaries_give_the_same_embedding()
    {
        float[] expected = [31.5f, 1999, 12, 3];
        Assert.Equal(expected, _model.Embed(new { age = 31.5f, year = 1999L, history = new long[] { 3, 4, 5 } }));
        Assert.Equal(expected, _model.Embed(new { age = 31.5, year = (short)1999, history = new[] { 3, 4, 5 } }));
        Assert.Equal(expected, _model.Embed(new Query(1999, [3, 4, 5], 31.5)));
        Assert.Equal(expected, _model.Embed(new Point(1999, [3, 4, 5], 31.5f)));
        dynamic expando = new System.Dynamic.ExpandoObject();
        (expando.age, expando.year, expando.history) = (31.5f, 1999L, new long[] { 3, 4, 5 });
        Assert.Equal(expected, _model.Embed((object)expando));
        Assert.Equal(expected, _model.Embed(new Dictionary<string, object> { ["age"] = 31.5f, ["year"] = 1999, ["history"] = new List<long> { 3, 4, 5 } }));
        Assert.Equal(expected, _model.Embed(new System.Collections.Hashtable { ["age"] = 31.5m, ["year"] = (byte)199 + 1800, ["history"] = Enumerable.Range(3, 3) }));
    }

    [Fact]
    public void Rows_in_one_call_give_what_rows_alone_give() => Gen.Select(
            Gen.Int[-1000, 1000], Gen.Long[-1000, 1000].Array[0, 9], Gen.Float[-1000, 1000])
        .Select((year, history, age) => new Dictionary<string, object> { ["year"] = year, ["history"] = history, ["age"] = age })
        .Array[1, 20]
        .Sample(
            queries =>
            {
                var call = _model.Rent();
                Array.ForEach(queries, query => _model.Reader.Add(query, call.Features));
                call.Run();
                var together = call.Output.ToArray();
                _model.Return(call);
                Assert.Equal(together, queries.SelectMany(_model.Embed));
                Assert.Equal(queries.Length * 4, together.Length);
            },
            iter: 200);

    [Fact]
    public void Columns_give_what_rows_give()
    {
        var columns = new FeatureBatch(
            new Column<long>("Year", [1, 2]), new Column<long>("history", [5, 6], [0, 0, 2]), new Column<double>("age", [0.5, 1.5]), new Column<string>("more", ["", ""]));
        var call = _model.Rent();
        _model.Reader.AddColumns(_model.Reader.Find(columns), 0, 2, call.Features);
        call.Run();
        Assert.Equal([0.5f, 1, 0, 0, 1.5f, 2, 11, 2], call.Output.ToArray());
        _model.Return(call);
    }

    [Fact]
    public void A_missing_feature_is_named_with_what_was_given() => Refuses(
        new { year = 1, age = 1f },
        "The query lacks the feature 'history': it has year, age. The query model reads year: Int64, history: Int64[], age: Float32.");

    [Fact]
    public void Names_are_matched_without_regard_to_case_and_underscores_and_what_is_no_feature_is_left_alone()
    {
        float[] expected = [31.5f, 1999, 12, 3];
        Assert.Equal(expected, _model.Embed(new { Year = 1999, HISTORY = new[] { 3L, 4, 5 }, Age = 31.5f, height = 2, Parent = new object() }));
        Assert.Equal(expected, _model.Embed(new Dictionary<string, object> { ["Y_ear"] = 1999, ["History"] = new[] { 3L, 4, 5 }, ["age"] = 31.5f, ["height"] = 2 }));
        Refuses(new { Year = 1, YEAR = 2, history = Array.Empty<long>(), age = 1f }, "'year' may be 'Year' or 'YEAR'. Rename one of them, or give the one that is meant the exact name.");
        Refuses(
            new Dictionary<string, object> { ["Year"] = 1, ["YEAR"] = 2, ["history"] = Array.Empty<long>(), ["age"] = 1f },
            "'year' may be 'Year' or 'YEAR'. Rename one of them, or give the one that is meant the exact name.");
    }

    [Fact]
    public void A_type_is_checked_before_its_first_query_and_strictly_if_asked_for()
    {
        _model.Reader.Check<Query>(strict: true);
        Assert.StartsWith("The query lacks the feature 'age'", Check<Partial>(strict: false).Message, StringComparison.Ordinal);
        Assert.Equal("'year' is text; Int64 was expected. Give the property the type long.", Check<Text>(strict: false).Message);
        _model.Reader.Check<Wide>(strict: false);
        Assert.StartsWith("The query model has no feature 'height'. Leave it out.", Check<Wide>(strict: true).Message, StringComparison.Ordinal);

        InvalidQueryException Check<T>(bool strict) => Assert.Throws<InvalidQueryException>(() => _model.Reader.Check<T>(strict));
    }

    private sealed record Partial(int year, List<long> history);

    private sealed record Text(string year, List<long> history, double age);

    private sealed record Wide(int year, List<long> history, double age, int height);

    [Fact]
    public void Text_for_a_number_is_refused() => Refuses(
        new { year = (object)"1999", history = Array.Empty<long>(), age = 1f }, "'year' received the String \"1999\"; Int64 was expected. Give it as a number.");

    [Fact]
    public void A_fraction_for_an_integer_is_refused() => Refuses(
        new { year = 1999.5, history = Array.Empty<long>(), age = 1f }, "'year' received the Double 1999.5; Int64 was expected.");

    [Fact]
    public void One_value_for_a_list_is_refused() => Refuses(
        new { year = 1, history = 5L, age = 1f }, "'history' received the Int64 5; a list of Int64 was expected.");

    [Fact]
    public void A_list_for_one_value_is_refused() => Refuses(
        new { year = new[] { 1L }, history = Array.Empty<long>(), age = 1f },
        "'year' received a Int64[]; Int64 was expected. The column holds one value a row, not a list.");

    [Fact]
    public void A_missing_integer_is_refused() => Refuses(
        new { year = (long?)null, history = Array.Empty<long>(), age = 1f }, "'year' is null. Pass an integer; one the model has not seen is served as unknown.");

    [Fact]
    public void A_missing_list_is_empty() => Assert.Equal([1f, 1, 0, 0], _model.Embed(new { year = 1, history = (long[]?)null, age = 1f }));

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void An_embedding_that_is_not_finite_is_refused_with_the_features_it_came_from(float age, string shown) => Refuses(
        new { year = 1, history = new[] { 4L }, age },
        $"The query model gives an embedding with {shown} for year = 1, history = 1 values, age = {shown}. Pass finite numbers of the range of the training data.");

    [Fact]
    public void A_missing_number_is_for_the_model_to_fill_in()
    {
        var graph = new OnnxGraph("ages");
        var age = graph.Input("age", OnnxElementType.Float, "batch");
        var filled = graph.Node("Where", [graph.Node("IsNaN", [age]), graph.Weight("default", [30f]), age]);
        graph.Output("embedding", graph.Node("Unsqueeze", [filled, graph.Weight("axis", [1L], 1)]), OnnxElementType.Float, "batch", "1");
        using var model = ServedModel.OfTower(StoredModel.InMemory(graph.Build()), "query");
        Assert.Equal([30f], model.Embed(new { age = float.NaN }));
        Assert.Equal([30f], model.Embed(new { age = (double?)null }));
        Assert.Equal([30f], model.Embed(new Dictionary<string, object?> { ["age"] = null }));
        Assert.Equal([7f], model.Embed(new { age = (double?)7 }));
    }

    [Fact]
    public void A_value_that_is_no_object_is_refused() => Refuses(
        "42", "The query is a String; an object with a property for each feature was expected, for example new { year = …, history = new[] { … }, age = … }.");

    [Fact]
    public void A_refused_query_leaves_no_trace_in_the_next()
    {
        Assert.Throws<InvalidQueryException>(() => _model.Embed(new { year = 1, history = new object[] { 1L, "two" }, age = 1f }));
        Assert.Equal([2f, 1, 7, 1], _model.Embed(new { year = 1, history = new[] { 7L }, age = 2f }));
    }

    private void Refuses(object query, string message) => Assert.Equal(message, Assert.Throws<InvalidQueryException>(() => _model.Embed(query)).Message);
}

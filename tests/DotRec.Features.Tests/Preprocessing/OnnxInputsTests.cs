using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features.Tests;

public sealed class OnnxInputsTests
{
    [Fact]
    public void Layers_of_one_column_share_its_input()
    {
        var graph = new OnnxGraph("g");
        var inputs = new OnnxInputs(graph);
        var genres = new ColumnSchema("genres", ColumnType.String, IsJagged: true);
        Assert.Equal(inputs.Column(genres), inputs.Column(genres));
        graph.Output("out", inputs.Column(genres).Values, OnnxElementType.String, "batch", "genres_count");
        Assert.Equal(["genres", "genres_length"], graph.Build().Inputs.Select(input => input.Name));
    }

    [Fact]
    public void One_column_has_one_type()
    {
        var inputs = new OnnxInputs(new OnnxGraph("g"));
        inputs.Column(new ColumnSchema("year", ColumnType.Int64));
        var error = Assert.Throws<InvalidOperationException>(() => inputs.Column(new ColumnSchema("year", ColumnType.Float32)));
        Assert.Equal("Two layers read column 'year' with different types: year: Int64 and year: Float32. Give the column one type.", error.Message);
    }

    [Theory]
    [InlineData("Cast")]
    [InlineData("bins")]
    [InlineData("MurmurHash3")]
    [InlineData("axis")]
    [InlineData("boundaries")]
    public void Columns_may_be_named_like_operators_and_weights(string name)
    {
        var batch = new FeatureBatch(new Column<long>("first", [1, 2, 3]), new Column<long>(name, [1, 2, 3]));
        var layer = new CategoryCrossing([
            new Hashing("first", bins: 5), new Hashing(name, bins: 5), new Discretization("first", [1, 2], ColumnType.Int64), new Discretization(name, [1, 2])], batch);
        using var onnx = new OnnxRun(layer, OnnxElementType.Int64);
        Assert.Equal(layer.Encode(batch).Values.ToArray().Select(id => (long)id), onnx.Ids(batch).All);
    }
}

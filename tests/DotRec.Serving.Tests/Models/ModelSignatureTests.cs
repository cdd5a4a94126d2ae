using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Serving.Tests;

public sealed class ModelSignatureTests
{
    private static readonly OnnxValueInfo User = new("user_id", OnnxElementType.String, ["batch"]);
    private static readonly OnnxValueInfo Embedding = new("embedding", OnnxElementType.Float, ["batch", "8"]);

    [Fact]
    public void Reads_features_width_and_known_flags()
    {
        var signature = Of([User], [new("user_id_known", OnnxElementType.Bool, ["batch"]), Embedding]);
        Assert.Equal([new ColumnSchema("user_id", ColumnType.String)], signature.Features);
        Assert.Equal(8, signature.Width);
        Assert.Equal(["embedding", "user_id_known"], signature.OutputNames);
        Assert.Equal(["user_id"], signature.KnownFeatures);
    }

    [Fact]
    public void A_single_output_of_any_name_is_the_embedding() =>
        Assert.Equal(["vector"], Of([User], [Embedding with { Name = "vector" }]).OutputNames);

    [Fact]
    public void An_input_that_merely_ends_in_length_is_a_feature() =>
        Assert.Equal(["film_length"], Of([new("film_length", OnnxElementType.Int64, ["batch"])], [Embedding]).Features.Select(feature => feature.Name));

    [Fact]
    public void Models_that_are_no_towers_are_refused()
    {
        Refuses("has no inputs", [], [Embedding]);
        Refuses("has the outputs a, b; one named 'embedding' was expected", [User], [Embedding with { Name = "a" }, Embedding with { Name = "b" }]);
        Refuses("no input 'tags_length' with the lengths", [new("tags", OnnxElementType.String, ["batch", "tags_count"])], [Embedding]);
        Refuses("Input 'x' of the query model holds Bool", [new("x", OnnxElementType.Bool, ["batch"])], [Embedding]);
        Refuses("[batch] or, for lists, [batch, count] was expected", [new("x", OnnxElementType.Int64, [])], [Embedding]);
        Refuses("Float [batch, D] with a fixed width D was expected", [User], [Embedding with { Shape = ["batch", "d"] }]);
    }

    private static ModelSignature Of(OnnxValueInfo[] inputs, OnnxValueInfo[] outputs) => ModelSignature.OfTower(StoredModel.InMemory(new OnnxModel(default, inputs, outputs)), "query");

    private static void Refuses(string message, OnnxValueInfo[] inputs, OnnxValueInfo[] outputs) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Of(inputs, outputs)).Message, StringComparison.Ordinal);
}

using CsCheck;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Onnx.Tests;

public sealed class OnnxCheckTests
{
    // Field numbers of onnx.proto3 and what they are of.
    private const int ModelGraph = 7;
    private const int GraphNode = 1;
    private const int GraphInitializer = 5;
    private const int GraphSparseInitializer = 15;
    private const int NodeAttribute = 5;

    [Fact]
    public void What_the_graph_writer_writes_passes()
    {
        var model = Valid();
        OnnxCheck.Check(model);
        using var session = new InferenceSession(model.ToArray());
        Assert.Single(session.OutputMetadata);
    }

    /// <summary>Wherever a tensor can stand in a model.</summary>
    public static TheoryData<string> Places => ["initializer", "attribute", "attributes", "sparse values", "sparse indices", "sparse attribute", "sparse attributes", "subgraph", "subgraphs", "nested"];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_tensor_in_another_file_is_refused_wherever_it_stands(string place)
    {
        var located = new WireWriter().Integers(1, [1]).Integer(2, 1).Text(8, "secret")
            .Message(13, new WireWriter().Text(1, "location").Text(2, "../../etc/shadow")).Integer(14, 1);
        Refused(At(place, located), "The tensor 'secret' keeps its values in another file ('../../etc/shadow'); a model may reach nothing outside itself. Export it in one file.");

        // The mark alone, or the place alone: a parser may go by either.
        Refused(At(place, new WireWriter().Integers(1, [1]).Integer(2, 1).Integer(14, 1)), "The tensor '' keeps its values in another file; a model may reach nothing outside itself. Export it in one file.");
        Refused(At(place, new WireWriter().Integer(2, 1).Message(13, new WireWriter().Text(1, "offset").Text(2, "0"))), "The tensor '' keeps its values in another file ('0'); a model may reach nothing outside itself. Export it in one file.");
        OnnxCheck.Check(At(place, Tensor([2], 8)));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_tensor_that_claims_more_than_it_holds_is_refused(string place)
    {
        Refused(At(place, Tensor([1L << 40], 8)), "claims 1099511627776 elements, but holds");
        Refused(At(place, Tensor([1L << 40, 1L << 40, 1L << 40], 8)), "claims 9223372036854775807 elements, but holds");
        Refused(At(place, Tensor([-1], 8)), "claims 9223372036854775807 elements, but holds");

        // Packed sizes are the same sizes.
        Refused(At(place, new WireWriter().Bytes(1, new byte[] { 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0x7F }).Integer(2, 1).Bytes(9, new byte[8])), "elements, but holds");
    }

    [Fact]
    public void Foreign_operators_are_refused_in_subgraphs_too()
    {
        var foreign = new WireWriter().Text(4, "Anything").Text(7, "com.evil");
        const string Message = "It has an operator of the domain 'com.evil'; only those of ONNX (ai.onnx, ai.onnx.ml) and com.microsoft are run.";
        Refused(Model(new WireWriter().Message(GraphNode, foreign)), Message);
        Refused(Model(Around(new WireWriter().Message(GraphNode, foreign), 6)), Message);

        // Of a field given twice a parser takes the last one.
        Refused(Model(new WireWriter().Message(GraphNode, new WireWriter().Text(4, "Add").Text(7, "").Text(7, "com.evil"))), Message);
        OnnxCheck.Check(Model(new WireWriter().Message(GraphNode, new WireWriter().Text(4, "Add").Text(7, "ai.onnx"))));
    }

    [Fact]
    public void Functions_training_and_loops_are_refused()
    {
        Refused(new WireWriter().Message(ModelGraph, new WireWriter()).Message(25, new WireWriter().Text(1, "f")).ToArray(), "It defines functions of its own");
        Refused(new WireWriter().Message(ModelGraph, new WireWriter()).Message(20, new WireWriter()).ToArray(), "It holds graphs for training");
        Refused(Model(Around(new WireWriter().Message(GraphNode, new WireWriter().Text(4, "Loop")), 6)), "It has a Loop");
        Refused(Model(new WireWriter().Message(GraphNode, new WireWriter().Text(4, "EPContext").Text(7, OnnxGraph.MicrosoftDomain))), "It has an EPContext");
    }

    [Fact]
    public void Graphs_nested_without_limit_are_refused()
    {
        var graph = new WireWriter();
        for (var depth = 0; depth < 7; depth++)
        {
            graph = Around(graph, 6);
        }

        OnnxCheck.Check(Model(graph));
        Refused(Model(Around(graph, 6)), "Its graphs are nested more than 8 deep.");
        for (var depth = 0; depth < 10_000; depth++)
        {
            graph = Around(graph, 6);
        }

        Refused(Model(graph), "Its graphs are nested more than 8 deep.");
    }

    [Fact]
    public void What_is_no_model_is_refused()
    {
        Refused(Array.Empty<byte>(), "it has no graph");
        Refused(new byte[4096], "they give it the number 0");
        Refused(new byte[] { 0x38, 0x01 }, "where a graph belongs stands a number");
        Refused(new byte[] { 0x3B }, "wire type 3");
        Refused(new byte[] { 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, "claims 9223372036854775807 bytes; 0 are left");
        Refused(new byte[] { 0xFF }, "a number that has no end");

        // A tag beyond 32 bits, whose low half says "graph".
        Refused(new byte[] { 0xBA, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00 }, "they give it the number");
    }

    [Fact]
    public void Damaged_models_are_refused_or_pass_but_nothing_else_happens()
    {
        var valid = Valid().ToArray();
        var (passed, refused) = (0, 0);
        Gen.Select(Gen.Int[valid.Length * 3 / 4, valid.Length], Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte).Array[0, 3]).Sample(
            (length, changes) =>
            {
                var damaged = valid[..length];
                Array.ForEach(changes, change => damaged[change.Item1 % length] = change.Item2);
                try
                {
                    OnnxCheck.Check(damaged);
                    Interlocked.Increment(ref passed);
                }
                catch (InvalidDataException)
                {
                    Interlocked.Increment(ref refused);
                }
            },
            iter: 20_000);
        Assert.True(passed > 100 && refused > 1000, $"{passed} passed, {refused} refused");
    }

    private static void Refused(ReadOnlyMemory<byte> model, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => OnnxCheck.Check(model)).Message, StringComparison.Ordinal);

    private static ReadOnlyMemory<byte> Valid()
    {
        var graph = new OnnxGraph("valid");
        var rows = graph.Lookup(graph.Input("id", OnnxElementType.String, "batch"), ["a", "b", "c"]);
        var gathered = graph.Node("Gather", [graph.Weight("table", new float[16], 4, 4), rows]);
        graph.Output("sum", graph.Node("ReduceSum", [gathered, graph.Weight("axis", [1L], 1)], ("keepdims", 1L)), OnnxElementType.Float, "batch", "1");
        return graph.Build().Bytes;
    }

    private static ReadOnlyMemory<byte> At(string place, WireWriter tensor) => Model(place switch
    {
        "initializer" => new WireWriter().Message(GraphInitializer, tensor),
        "attribute" => Node(new WireWriter().Message(5, tensor)),
        "attributes" => Node(new WireWriter().Message(10, Tensor([1], 4)).Message(10, tensor)),
        "sparse values" => new WireWriter().Message(GraphSparseInitializer, new WireWriter().Message(1, tensor)),
        "sparse indices" => new WireWriter().Message(GraphSparseInitializer, new WireWriter().Message(2, tensor)),
        "sparse attribute" => Node(new WireWriter().Message(22, new WireWriter().Message(1, tensor))),
        "sparse attributes" => Node(new WireWriter().Message(23, new WireWriter().Message(1, tensor))),
        "subgraph" => Around(new WireWriter().Message(GraphInitializer, tensor), 6),
        "subgraphs" => Around(new WireWriter().Message(GraphInitializer, tensor), 11),
        _ => Around(Around(Node(new WireWriter().Message(5, tensor)), 6), 11),
    });

    private static WireWriter Tensor(long[] shape, int byteLength) => new WireWriter().Integers(1, shape).Integer(2, 1).Text(8, "t").Bytes(9, new byte[byteLength]);

    private static WireWriter Node(WireWriter attribute) => new WireWriter().Message(GraphNode, new WireWriter().Text(4, "Constant").Message(NodeAttribute, attribute));

    private static WireWriter Around(WireWriter graph, int attributeField) =>
        new WireWriter().Message(GraphNode, new WireWriter().Text(4, "If").Message(NodeAttribute, new WireWriter().Message(attributeField, graph)));

    private static byte[] Model(WireWriter graph) => new WireWriter().Integer(1, 10).Message(ModelGraph, graph).ToArray();
}

using CsCheck;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DotRec.Onnx.Tests;

public sealed class OnnxGraphTests
{
    [Fact]
    public void Weights_of_every_type_arrive_as_they_were_given() =>
        Gen.Select(Gen.Float.Array[1, 50], Gen.Double.Array[1, 50], Gen.Long.Array[1, 50], Gen.Bool.Array[1, 50]).Sample(
            (floats, doubles, longs, bools) =>
        {
            Assert.Equal(floats, ModelRunner.Run<float>(Returning(OnnxElementType.Float, graph => graph.Weight("w", floats, floats.Length))));
            Assert.Equal(doubles, ModelRunner.Run<double>(Returning(OnnxElementType.Double, graph => graph.Weight("w", doubles, doubles.Length))));
            Assert.Equal(longs, ModelRunner.Run<long>(Returning(OnnxElementType.Int64, graph => graph.Weight("w", longs, longs.Length))));
            Assert.Equal(bools, ModelRunner.Run<bool>(Returning(OnnxElementType.Bool, graph => graph.Weight("w", bools, bools.Length))));
        },
            iter: 20);

    [Fact]
    public void Strings_of_any_script_arrive_as_they_were_given()
    {
        string[] values = ["", "plain", "Toy Story (1995)", "Amélie", "千と千尋の神隠し", "🎬", "a\tb\n\"c\""];
        Assert.Equal(values, ModelRunner.RunStrings(Returning(OnnxElementType.String, graph => graph.Weight("w", values, values.Length))));
    }

    [Fact]
    public void Large_weights_arrive_whole()
    {
        // Beyond the size that is copied into the message around it.
        var values = Enumerable.Range(0, 1_000_003).Select(i => (float)i).ToArray();
        Assert.Equal(values, ModelRunner.Run<float>(Returning(OnnxElementType.Float, graph => graph.Weight("w", values, values.Length))));
    }

    [Fact]
    public void Scalars_and_empty_weights_keep_their_shape()
    {
        Assert.Equal([0L], ModelRunner.Run<long>(Returning(OnnxElementType.Int64, graph => graph.Node("Size", [graph.Weight("none", ReadOnlySpan<float>.Empty, 0, 3)]))));
        Assert.Empty(ModelRunner.Run<long>(Returning(OnnxElementType.Int64, graph => graph.Node("Shape", [graph.Weight("one", [1f])]))));
        Assert.Equal([2L, 3], ModelRunner.Run<long>(Returning(OnnxElementType.Int64, graph => graph.Node("Shape", [graph.Weight("six", new float[6], 2, 3)]))));
    }

    [Fact]
    public void Attributes_of_every_type_reach_the_operator()
    {
        // long: axis of a concatenation; int likewise.
        foreach (object axis in new object[] { 1L, 1 })
        {
            Assert.Equal([1f, 2, 1, 3, 4, 3], ModelRunner.Run<float>(Returning(OnnxElementType.Float, graph =>
            {
                var square = graph.Weight("square", [1f, 2, 3, 4], 2, 2);
                var column = graph.Weight("column", [1f, 3], 2, 1);
                return graph.Node("Concat", [square, column], ("axis", axis));
            })));
        }

        // Negative integers take ten bytes on the wire.
        Assert.Equal([3f, 7], ModelRunner.Run<float>(Returning(
            OnnxElementType.Float, graph => graph.Node("ReduceSum", [graph.Weight("x", [1f, 2, 3, 4], 2, 2), graph.Weight("axes", [-1L], 1)], ("keepdims", 0L)))));

        // float: slope of a leaky rectifier.
        Assert.Equal([-0.25f, 2], ModelRunner.Run<float>(Returning(
            OnnxElementType.Float, graph => graph.Node("LeakyRelu", [graph.Weight("x", [-1f, 2], 2)], ("alpha", 0.25f)))));

        // long[]: order of axes.
        Assert.Equal([1f, 4, 2, 5, 3, 6], ModelRunner.Run<float>(Returning(
            OnnxElementType.Float, graph => graph.Node("Transpose", [graph.Weight("x", [1f, 2, 3, 4, 5, 6], 2, 3)], ("perm", new long[] { 1, 0 })))));

        // string[], float[] and float: a lookup from strings to numbers with a default.
        Assert.Equal([0.5f, -1, 2], ModelRunner.Run<float>(Returning(OnnxElementType.Float, graph =>
        {
            var words = graph.Weight("words", ["a", "?", "b"], 3);
            return graph.Node(
                "LabelEncoder", OnnxGraph.MachineLearningDomain, [words], 1,
                ("keys_strings", new[] { "a", "b" }), ("values_floats", new[] { 0.5f, 2 }), ("default_float", -1f))[0];
        })));

        // long[], string[] and string: a lookup from numbers to strings with a default.
        Assert.Equal(["one", "many"], ModelRunner.RunStrings(Returning(OnnxElementType.String, graph =>
        {
            var numbers = graph.Weight("numbers", [1L, 7], 2);
            return graph.Node(
                "LabelEncoder", OnnxGraph.MachineLearningDomain, [numbers], 1,
                ("keys_int64s", new[] { 1L }), ("values_strings", new[] { "one" }), ("default_string", "many"))[0];
        })));
    }

    [Fact]
    public void An_attribute_of_another_type_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => new OnnxGraph("g").Node("Relu", [], ("alpha", 1.5)));
        Assert.StartsWith("Attribute 'alpha' has type Double; an ONNX attribute is an int, long, float, string or an array of long, float or string.", error.Message);
    }

    [Fact]
    public void Optional_inputs_can_be_left_out_and_outputs_can_be_several()
    {
        // Clip(x, no minimum, maximum 2); Split into two.
        var graph = new OnnxGraph("g");
        var clipped = graph.Node("Clip", [graph.Weight("x", [1f, 5, 3, 0], 4), "", graph.Weight("maximum", [2f])]);
        var halves = graph.Node("Split", "", [clipped], 2, ("num_outputs", 2L));
        graph.Output("first", halves[0], OnnxElementType.Float, "2");
        graph.Output("second", halves[1], OnnxElementType.Float, "2");
        var results = ModelRunner.Run(graph, [], outputs => outputs.Select(output => output.GetTensorDataAsSpan<float>().ToArray()).ToArray());
        Assert.Equal([1f, 2], results[0]);
        Assert.Equal([2f, 0], results[1]);
    }

    [Fact]
    public void Operators_of_the_runtime_s_own_domain_are_found()
    {
        var hashes = ModelRunner.Run<int>(Returning(
            OnnxElementType.Int32, graph => graph.Node("MurmurHash3", OnnxGraph.MicrosoftDomain, [graph.Weight("x", ["a", "b"], 2)], 1, ("positive", 0L))[0]));
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Fact]
    public void A_symbolic_axis_takes_any_size_and_the_signature_is_kept()
    {
        var graph = new OnnxGraph("g");
        var x = graph.Input("x", OnnxElementType.Float, "batch", "2");
        graph.Output("y", graph.Node("Neg", [x]), OnnxElementType.Float, "batch", "2");
        var model = graph.Build();
        Assert.Equal(("x", OnnxElementType.Float, "batch,2"), (model.Inputs[0].Name, model.Inputs[0].Type, string.Join(',', model.Inputs[0].Shape)));
        using (var session = new InferenceSession(model.Bytes.ToArray()))
        {
            Assert.Equal([-1, 2], session.InputMetadata["x"].Dimensions);
            Assert.Equal(["batch", ""], session.InputMetadata["x"].SymbolicDimensions);
            Assert.Equal(typeof(float), session.OutputMetadata["y"].ElementType);
        }

        foreach (var batch in new[] { 1, 3 })
        {
            var values = new float[batch * 2];
            Array.Fill(values, 1f);
            var result = ModelRunner.Run(graph, [("x", ModelRunner.Floats(values, batch, 2))], outputs => outputs[0].GetTensorDataAsSpan<float>().ToArray());
            Assert.Equal(Enumerable.Repeat(-1f, batch * 2), result);
        }
    }

    [Fact]
    public void An_input_can_be_an_output_under_another_name()
    {
        var graph = new OnnxGraph("g");
        graph.Output("copy", graph.Input("word", OnnxElementType.String, "batch"), OnnxElementType.String, "batch");
        Assert.Equal(["a", "b"], ModelRunner.RunStrings(graph, ("word", ModelRunner.Strings("a", "b"))));
    }

    [Fact]
    public void Names_of_inputs_and_outputs_never_clash_with_made_up_ones()
    {
        var graph = new OnnxGraph("g");
        var weight = graph.Weight("Neg", [1f], 1);
        var first = graph.Node("Neg", [weight]);
        var second = graph.Node("Neg", [first]);
        var input = graph.Input("Neg", OnnxElementType.Float, "1");
        graph.Output("Neg_1", graph.Node("Add", [second, input]), OnnxElementType.Float, "1");
        Assert.Equal(4, new HashSet<string> { weight, first, second, input }.Count);
        Assert.Equal([3f], ModelRunner.Run(graph, [("Neg", ModelRunner.Floats([2], 1))], outputs => outputs[0].GetTensorDataAsSpan<float>().ToArray()));
    }

    [Fact]
    public void Made_up_names_are_all_different() =>
        Gen.Int[0, 4].Select(i => new[] { "a", "a_1", "a_1_1", "/a", "b" }[i]).Array[1, 40].Sample(hints =>
        {
            var graph = new OnnxGraph("g");
            Assert.Equal(hints.Length, hints.Select(graph.Fresh).Distinct().Count());
        });

    [Fact]
    public void A_name_is_given_once()
    {
        var graph = new OnnxGraph("query");
        var user = graph.Input("user", OnnxElementType.String, "batch");
        Assert.StartsWith(
            "The graph 'query' already has a value named 'user'. Give the input a name of its own.",
            Assert.Throws<ArgumentException>(() => graph.Input("user", OnnxElementType.String)).Message);
        Assert.StartsWith(
            "The graph 'query' already has a value named 'user'. Give the output a name of its own.",
            Assert.Throws<ArgumentException>(() => graph.Output("user", user, OnnxElementType.String)).Message);
        Assert.StartsWith("An input of the graph 'query' has an empty name.", Assert.Throws<ArgumentException>(() => graph.Input("", OnnxElementType.Float)).Message);
    }

    [Fact]
    public void Reading_a_value_that_does_not_exist_is_refused_at_once()
    {
        var graph = new OnnxGraph("query");
        Assert.StartsWith(
            "Node Relu reads 'x', which is no value of the graph 'query': declare the input or add the node first.",
            Assert.Throws<ArgumentException>(() => graph.Node("Relu", ["x"])).Message);
        Assert.StartsWith("Output 'y' reads 'x', which is no value", Assert.Throws<ArgumentException>(() => graph.Output("y", "x", OnnxElementType.Float)).Message);
        Assert.Equal("The graph 'query' has no output. Call Output before Build.", Assert.Throws<InvalidOperationException>(graph.Build).Message);
    }

    [Fact]
    public void A_weight_must_fill_its_shape()
    {
        var graph = new OnnxGraph("g");
        Assert.StartsWith("Weight '/w' has 3 values but its shape [2, 2] holds 4.", Assert.Throws<ArgumentException>(() => graph.Weight("w", new float[3], 2, 2)).Message);
        Assert.StartsWith("Weight '/s' has 1 values but its shape [0] holds 0.", Assert.Throws<ArgumentException>(() => graph.Weight("s", ["x"], 0)).Message);
        Assert.StartsWith("Weight '/n' has shape [-2, -2]; sizes are 0 or more.", Assert.Throws<ArgumentException>(() => graph.Weight("n", new float[4], -2, -2)).Message);
        Assert.Throws<ArgumentException>(() => graph.Weight("o", ReadOnlySpan<float>.Empty, long.MaxValue, long.MaxValue, 4));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() => Assert.ThrowsAny<ArgumentException>(() => new OnnxGraph("g").Weight("w", ["\uD83C"], 1));

    [Fact]
    public void A_table_beyond_the_format_stands_beside_the_graph()
    {
        var graph = new OnnxGraph("query", limit: 10_000);
        var rows = graph.Input("rows", OnnxElementType.Int64, "batch");
        graph.Output("y", graph.Node("Gather", [graph.Weight("users", new float[4000], 1000, 4), rows]), OnnxElementType.Float, "batch", "4");
        var model = graph.Build();
        Assert.Equal(("/users", 1000, 4), (Assert.Single(model.Parts!.Tables).Name, model.Parts.Tables[0].RowCount, model.Parts.Tables[0].Width));
        Assert.True(model.Parts.Graph.Length < 1000);
        Assert.StartsWith("The model 'query' takes 16", Assert.Throws<InvalidOperationException>(() => model.Bytes).Message);
    }

    [Fact]
    public void A_model_taken_apart_gives_what_the_whole_one_gives()
    {
        var graph = new OnnxGraph("query");
        var user = graph.Input("user", OnnxElementType.String, "batch");
        var tags = graph.Input("tags", OnnxElementType.Int64, "batch", "count");
        float[] table = [.. Enumerable.Range(0, 200).Select(i => i / 7f)];
        var rows = graph.Lookup(user, ["a", "b", "c"]);
        var vector = graph.Node("Gather", [graph.Weight("users", table, 50, 4), rows]);
        var sum = graph.Node("ReduceSum", [graph.Node("Gather", [graph.Weight("tags", table, 50, 4), graph.Lookup(tags, [10L, 20L])]), graph.Weight("axis", [1L], 1)], ("keepdims", 0L));
        var dense = graph.Node("MatMul", [graph.Node("Add", [vector, sum]), graph.Weight("kernel", table.AsSpan(0, 16), 4, 4)]);
        graph.Output("y", dense, OnnxElementType.Float, "batch", "4");
        graph.Output("loud", graph.Node("StringConcat", [user, graph.Weight("mark", ["!"], 1)]), OnnxElementType.String, "batch");
        var model = graph.Build();

        using var whole = new InferenceSession(model.Bytes.ToArray());
        var parts = model.Parts!;
        Assert.Equal(["user"], parts.Inputs.Select(input => input.Name));
        Assert.Equal(["user", "tags"], parts.Vocabularies.Select(vocabulary => vocabulary.Feature));
        Assert.Equal(["/users", "/tags"], parts.Tables.Select(one => one.Name));
        using var apart = new InferenceSession(parts.Graph.ToArray());
        string[] users = ["b", "x", "c"];
        long[,] lists = { { 20, 10 }, { 5, 20 }, { 10, 10 } };
        using var expected = whole.Run([NamedOnnxValue.CreateFromTensor("user", users.ToTensor()), NamedOnnxValue.CreateFromTensor("tags", lists.ToTensor())]);
        using var actual = apart.Run(
        [
            NamedOnnxValue.CreateFromTensor("user", users.ToTensor()),
            NamedOnnxValue.CreateFromTensor(parts.Vocabularies[0].Rows, new[] { 2L, 0, 3 }.ToTensor()),
            NamedOnnxValue.CreateFromTensor(parts.Vocabularies[1].Rows, new[,] { { 2L, 1 }, { 0, 2 }, { 1, 1 } }.ToTensor()),
            .. parts.Tables.Select(one => NamedOnnxValue.CreateFromTensor(one.Name, new DenseTensor<float>(one.Values.ToArray(), [50, 4]))),
        ]);
        Assert.Equal(expected.First(value => value.Name == "y").AsEnumerable<float>(), actual.First(value => value.Name == "y").AsEnumerable<float>());
        Assert.Equal(["b!", "x!", "c!"], actual.First(value => value.Name == "loud").AsEnumerable<string>());

        using var joined = new InferenceSession(OnnxJoin.Join(parts.Graph, model.Inputs, parts.Vocabularies, parts.Tables).ToArray());
        using var again = joined.Run([NamedOnnxValue.CreateFromTensor("user", users.ToTensor()), NamedOnnxValue.CreateFromTensor("tags", lists.ToTensor())]);
        Assert.Equal(expected.First(value => value.Name == "y").AsEnumerable<float>(), again.First(value => value.Name == "y").AsEnumerable<float>());
    }

    [Fact]
    public void Weights_that_are_read_otherwise_and_lookups_of_computed_values_stay_in_the_graph()
    {
        var graph = new OnnxGraph("query");
        var user = graph.Input("user", OnnxElementType.String, "batch");
        var table = graph.Weight("users", new float[1000], 250, 4);
        var rows = graph.Lookup(graph.Node("StringConcat", [user, graph.Weight("mark", ["!"], 1)]), ["a!", "b!"]);
        var vector = graph.Node("Gather", [table, rows]);
        graph.Output("y", graph.Node("MatMul", [vector, graph.Node("Transpose", [table])]), OnnxElementType.Float, "batch", "250");
        var parts = graph.Build().Parts!;
        Assert.Empty(parts.Tables);
        Assert.Empty(parts.Vocabularies);
        Assert.Equal(["user"], parts.Inputs.Select(input => input.Name));
    }

    [Fact]
    public void A_model_beyond_the_format_names_its_largest_weights()
    {
        var graph = new OnnxGraph("query", limit: 10_000);
        graph.Weight("small", new float[10], 10);
        graph.Weight("users", new float[2000], 1000, 2);
        graph.Output("y", graph.Weight("items", new float[1000], 500, 2), OnnxElementType.Float, "500", "2");
        var error = Assert.Throws<InvalidOperationException>(graph.Build);
        Assert.Matches(
            @"^The model 'query' takes 12\d\d\d bytes, but an ONNX model holds at most 10000\. Its largest weights are '/users' \[1000, 2\] with 80\d\d bytes, " +
            @"'/items' \[500, 2\] with 40\d\d bytes, '/small' \[10\] with \d+ bytes\. Use smaller vocabularies or smaller embeddings\.$",
            error.Message);
    }

    [Fact]
    public void The_same_graph_gives_the_same_bytes()
    {
        static OnnxGraph Graph() => Returning(
            OnnxElementType.Float, graph => graph.Node("LabelEncoder", OnnxGraph.MachineLearningDomain, [graph.Weight("x", [1L], 1)], 1, ("keys_int64s", new[] { 1L }), ("values_floats", new[] { 2f }))[0]);
        var graph = Graph();
        Assert.Equal(graph.Build().Bytes.ToArray(), Graph().Build().Bytes.ToArray());
        Assert.Equal(graph.Build().Bytes.ToArray(), graph.Build().Bytes.ToArray());
    }

    private static OnnxGraph Returning(OnnxElementType type, Func<OnnxGraph, string> value)
    {
        var graph = new OnnxGraph("test");
        graph.Output("output", graph.Node("Reshape", [value(graph), graph.Weight("flat", [-1L], 1)]), type, "n");
        return graph;
    }
}

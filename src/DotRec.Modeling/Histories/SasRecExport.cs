using System.Globalization;
using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Onnx;

namespace DotRec.Modeling;

/// <summary>
/// Writes the query side of a <see cref="SasRec"/> as an ONNX graph. Its sequences are padded and stand newest item first, so that the places of
/// <see cref="SasRecNetwork.Positions"/> are those of the axis; the last block computes the newest item's state alone.
/// </summary>
internal sealed class SasRecExport(SasRecNetwork network, SasRecOptions options)
{
    // Added nowhere: it takes the place of a logit that is not to be seen, and its exponential is 0 beside any that is.
    private const float Unseen = -1e30f;

    private readonly OnnxGraph _graph = new("history");
    private string? _noHeads;
    private string? _withHeads;

    private int Width => options.Dimension / options.Heads;

    public OnnxModel Write(Column itemIds, string feature)
    {
        var (rows, isSeen) = Newest(feature, itemIds);
        var place = Range(Shape(rows, 1));
        var x = Add(Node("Mul", Node("Gather", Items(rows, isSeen)), _graph.Weight("scale", [MathF.Sqrt(options.Dimension)])), Node("Gather", Weight(network.Positions), place));
        var older = Node("LessOrEqual", Unsqueeze(place, 1), Unsqueeze(place, 0));
        var seen = Unsqueeze(isSeen, 1, 2);
        for (var i = 0; i < network.Blocks.Count; i++)
        {
            // Of the last block, the newest item's state is all that is asked for.
            var isLast = i + 1 == network.Blocks.Count;
            var asked = isLast ? Node("Gather", [x, Integers(0)], ("axis", 1L)) : x;
            x = Apply(network.Blocks[i], asked, x, isLast ? seen : Node("And", older, seen));
        }

        var state = Node("Squeeze", Norm(x, network.Gain, network.Bias), Integers(1));
        var hasAny = Node("Gather", [isSeen, Integers(0)], ("axis", 1L));
        var embedding = Node("Where", hasAny, state, _graph.Weight("none", [0f]));
        _graph.Output("embedding", embedding, OnnxElementType.Float, "batch", options.Dimension.ToString(CultureInfo.InvariantCulture));
        return _graph.Build();
    }

    // The last items that the vocabulary knows, newest first: [batch, k] row numbers from 1, and which of them are items.
    private (string Rows, string IsSeen) Newest(string feature, Column itemIds)
    {
        PreprocessingLayer lookup = itemIds switch
        {
            Column<string> { Schema.IsJagged: false } texts => new StringLookup(feature, texts.Values.ToArray(), isJagged: true),
            Column<long> { Schema.IsJagged: false } integers => new IntegerLookup(feature, integers.Values.ToArray(), isJagged: true),
            _ => throw new ArgumentException($"Column '{itemIds.Schema}' cannot identify items: an id column holds one string or integer a row.", nameof(itemIds)),
        };
        var column = lookup.Emit(new OnnxInputs(_graph));

        // One column more, of no item: an axis that is empty is where runtimes differ.
        var rows = Node("Pad", column.Values, Integers(0, 0, 0, 1));
        var place = Range(Shape(rows, 1));
        var isItem = Node("And", Node("Less", place, Unsqueeze(column.Length!, 1)), Node("Greater", rows, Integers(0)));
        var order = Node("Where", isItem, place, Integers(-1));
        var k = Node("Min", Shape(rows, 1), Integers(options.Length));
        var top = _graph.Node("TopK", "", [order, k], 2, ("axis", 1L), ("largest", 1L), ("sorted", 1L));
        return (Node("GatherElements", [rows, top[1]], ("axis", 1L)), Node("GreaterOrEqual", top[0], Integers(0)));
    }

    private string[] Items(string rows, string isSeen) =>
        [Weight(network.Items), Node("Where", isSeen, Node("Sub", rows, Integers(1)), Integers(0))];

    private string Apply(SasRecNetwork.Block block, string asked, string all, string isSeen)
    {
        var normed = Norm(all, block.AttentionGain, block.AttentionBias);
        var query = Heads(Part(block, 0, asked == all ? normed : Norm(asked, block.AttentionGain, block.AttentionBias)));
        var (key, value) = (Heads(Part(block, 1, normed)), Heads(Part(block, 2, normed)));
        var logits = Node("Mul", Node("MatMul", query, Node("Transpose", [key], ("perm", new long[] { 0, 1, 3, 2 }))), _graph.Weight("scale", [1f / MathF.Sqrt(Width)]));
        var weights = Node("Softmax", [Node("Where", isSeen, logits, _graph.Weight("unseen", [Unseen]))], ("axis", -1L));
        var attended = Node("Transpose", [Node("MatMul", weights, value)], ("perm", new long[] { 0, 2, 1, 3 }));
        var joined = Node("Reshape", attended, _noHeads ??= Integers(0, 0, options.Dimension));
        var x = Add(asked, Add(Node("MatMul", joined, Weight(block.Out)), Weight(block.OutBias)));
        var inner = Node("Relu", Add(Node("MatMul", Norm(x, block.Gain, block.Bias), Weight(block.Inner)), Weight(block.InnerBias)));
        return Add(x, Add(Node("MatMul", inner, Weight(block.Outer)), Weight(block.OuterBias)));
    }

    /// <summary>Queries (0), keys (1) or values (2).</summary>
    private string Part(SasRecNetwork.Block block, int part, string x)
    {
        var d = options.Dimension;
        var joined = block.Joined.Value.Values;
        var weights = new float[d * d];
        for (var row = 0; row < d; row++)
        {
            joined.Slice((row * 3 * d) + (part * d), d).CopyTo(weights.AsSpan(row * d));
        }

        return Add(Node("MatMul", x, _graph.Weight("projection", weights, d, d)), _graph.Weight("projection_bias", block.JoinedBias.Value.Values.Slice(part * d, d), d));
    }

    // [batch, k, D] to [batch, H, k, d].
    private string Heads(string x) =>
        Node("Transpose", [Node("Reshape", x, _withHeads ??= Integers(0, 0, options.Heads, Width))], ("perm", new long[] { 0, 2, 1, 3 }));

    private string Norm(string x, Parameter gain, Parameter bias) =>
        Node("LayerNormalization", [x, Weight(gain), Weight(bias)], ("axis", -1L), ("epsilon", SasRecNetwork.NormEpsilon));

    private string Weight(Parameter parameter) =>
        _graph.Weight(parameter.Name, parameter.Value.Values, [.. parameter.Value.Shape.ToArray().Select(size => (long)size)]);

    private string Add(string x, string y) => Node("Add", x, y);

    private string Unsqueeze(string value, params ReadOnlySpan<long> axes) => Node("Unsqueeze", value, Integers(axes));

    private string Shape(string value, long axis) => Node("Gather", [Node("Shape", value), Integers(axis)], ("axis", 0L));

    private string Range(string count) =>
        Node("Range", _graph.Weight("from", [0L]), Node("Squeeze", count), _graph.Weight("step", [1L]));

    private string Integers(params ReadOnlySpan<long> values) => _graph.Weight("integers", values, values.Length);

    private string Node(string type, params ReadOnlySpan<string> inputs) => _graph.Node(type, inputs);

    private string Node(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) => _graph.Node(type, inputs, attributes);
}

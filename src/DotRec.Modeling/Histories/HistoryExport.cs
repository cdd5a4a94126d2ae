using System.Globalization;
using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Onnx;

namespace DotRec.Modeling;

/// <summary>
/// Writes the query side of a <see cref="HistoryNetwork"/> as an ONNX graph. Its sequences are padded and stand newest item first, so that places from the end
/// are those of the axis. What comes between ids and the embedding is the network's own.
/// </summary>
internal abstract class HistoryExport(HistoryLayers layers, HistoryNetworkOptions options)
{
    // Added nowhere: it takes the place of a logit that is not to be seen, and its exponential is 0 beside any that is.
    protected const float Unseen = -1e30f;

    protected OnnxGraph Graph { get; } = new("history");

    public OnnxModel Write(Column itemIds, string feature)
    {
        var newest = Newest(feature, itemIds);
        var state = State(newest);
        var hasAny = Node("Gather", [newest.AreItems, Integers(0)], ("axis", 1L));
        var embedding = Node("Where", hasAny, state, Graph.Weight("none", [0f]));
        Graph.Output("embedding", embedding, OnnxElementType.Float, "batch", options.Dimension.ToString(CultureInfo.InvariantCulture));
        return Graph.Build();
    }

    /// <summary>The state after the newest item, [batch, D]; anything where there is no item.</summary>
    protected abstract string State(NewestItems newest);

    /// <summary>[batch, k, D]: the embeddings of items times √D, features included; of an item where there is none.</summary>
    protected string Embeddings(NewestItems newest)
    {
        var items = Graph.Weight(HistoryLayers.ItemTable, layers.Inputs.Values(), layers.ItemCount, options.Dimension);
        return Node("Mul", Node("Gather", items, newest.Rows), Scalar(MathF.Sqrt(options.Dimension)));
    }

    /// <summary>x times queries (0), keys (1) or values (2) of joined weights.</summary>
    protected string Part(int part, string x, Parameter joined, Parameter bias)
    {
        var d = options.Dimension;
        var weights = new float[d * d];
        for (var row = 0; row < d; row++)
        {
            joined.Value.Values.Slice((row * 3 * d) + (part * d), d).CopyTo(weights.AsSpan(row * d));
        }

        return Add(Node("MatMul", x, Graph.Weight("projection", weights, d, d)), Graph.Weight("projection_bias", bias.Value.Values.Slice(part * d, d), d));
    }

    /// <summary>[batch]: how many items there are.</summary>
    protected string Count(NewestItems newest) =>
        Node("ReduceSum", [Node("Cast", [newest.AreItems], ("to", (long)OnnxElementType.Int64)), Integers(1)], ("keepdims", 0L));

    protected string Norm(string x, Parameter gain, Parameter bias) =>
        Node("LayerNormalization", [x, Weight(gain), Weight(bias)], ("axis", -1L), ("epsilon", HistoryLayers.NormEpsilon));

    protected string Dense(string x, Parameter weights, Parameter bias) => Add(Node("MatMul", x, Weight(weights)), Weight(bias));

    protected string Weight(Parameter parameter) =>
        Graph.Weight(parameter.Name, parameter.Value.Values, [.. parameter.Value.Shape.ToArray().Select(size => (long)size)]);

    protected string Add(string x, string y) => Node("Add", x, y);

    protected string Unsqueeze(string value, params ReadOnlySpan<long> axes) => Node("Unsqueeze", value, Integers(axes));

    protected string Scalar(float value) => Graph.Weight("number", [value]);

    protected string Integers(params ReadOnlySpan<long> values) => Graph.Weight("integers", values, values.Length);

    protected string Node(string type, params ReadOnlySpan<string> inputs) => Graph.Node(type, inputs);

    protected string Node(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) => Graph.Node(type, inputs, attributes);

    // The last items that the vocabulary knows, newest first.
    private NewestItems Newest(string feature, Column itemIds)
    {
        PreprocessingLayer lookup = itemIds switch
        {
            Column<string> { Schema.IsJagged: false } texts => new StringLookup(feature, texts.Values.ToArray(), isJagged: true),
            Column<long> { Schema.IsJagged: false } integers => new IntegerLookup(feature, integers.Values.ToArray(), isJagged: true),
            _ => throw new ArgumentException($"Column '{itemIds.Schema}' cannot identify items: an id column holds one string or integer a row.", nameof(itemIds)),
        };
        var column = lookup.Emit(new OnnxInputs(Graph));

        // One column more, of no item: an axis that is empty is where runtimes differ.
        var rows = Node("Pad", column.Values, Integers(0, 0, 0, 1));
        var place = Range(Shape(rows, 1));
        var isItem = Node("And", Node("Less", place, Unsqueeze(column.Length!, 1)), Node("Greater", rows, Integers(0)));
        var order = Node("Where", isItem, place, Integers(-1));
        var k = Node("Min", Shape(rows, 1), Integers(options.Length));
        var top = Graph.Node("TopK", "", [order, k], 2, ("axis", 1L), ("largest", 1L), ("sorted", 1L));
        var areItems = Node("GreaterOrEqual", top[0], Integers(0));
        var found = Node("GatherElements", [rows, top[1]], ("axis", 1L));
        return new NewestItems(Node("Where", areItems, Node("Sub", found, Integers(1)), Integers(0)), areItems, Range(Shape(found, 1)));
    }

    private string Shape(string value, long axis) => Node("Gather", [Node("Shape", value), Integers(axis)], ("axis", 0L));

    private string Range(string count) => Node("Range", Graph.Weight("from", [0L]), Node("Squeeze", count), Graph.Weight("step", [1L]));

    /// <summary>The items of histories, newest first.</summary>
    /// <param name="Rows">[batch, k]: catalogue rows; 0 where there is no item.</param>
    /// <param name="AreItems">[batch, k]: true for the first ones of each row.</param>
    /// <param name="Places">[k]: 0, 1, …, k − 1.</param>
    protected sealed record NewestItems(string Rows, string AreItems, string Places);
}

using System.Globalization;
using DotRec.Data;
using DotRec.Features;
using DotRec.Onnx;

namespace DotRec.Modeling;

/// <summary>
/// Writes a query side that reads histories as an ONNX graph. Its sequences are padded and stand newest item first, so that places from the end are those of
/// the axis. What comes between ids and the embedding is the model's own.
/// </summary>
/// <param name="length">How many items of a history are looked at.</param>
/// <param name="width">Width of the embedding.</param>
internal abstract class HistoryGraph(int length, int width)
{
    protected OnnxGraph Graph { get; } = new("history");

    public OnnxModel Write(Column itemIds, string feature)
    {
        Graph.Output("embedding", Embedding(Newest(feature, itemIds)), OnnxElementType.Float, "batch", width.ToString(CultureInfo.InvariantCulture));
        return Graph.Build();
    }

    /// <summary>The embedding of histories, [batch, W].</summary>
    protected abstract string Embedding(NewestItems newest);

    /// <summary>Values where there is an item, zeros elsewhere.</summary>
    protected string WhereAny(NewestItems newest, string values) =>
        Node("Where", Node("Gather", [newest.AreItems, Integers(0)], ("axis", 1L)), values, Graph.Weight("none", [0f]));

    /// <summary>[batch, k]: 1 at the newest place of each item, 0 elsewhere: for models where repeats count once.</summary>
    protected string Once(NewestItems newest)
    {
        var same = Node("Equal", Unsqueeze(newest.Rows, 2), Unsqueeze(newest.Rows, 1));
        var newer = Node("Less", Unsqueeze(newest.Places, 0), Unsqueeze(newest.Places, 1));
        var repeats = Node("ReduceMax", [Node("Cast", [Node("And", same, newer)], ("to", (long)OnnxElementType.Float)), Integers(2)], ("keepdims", 0L));
        return Node("Mul", Node("Cast", [newest.AreItems], ("to", (long)OnnxElementType.Float)), Node("Sub", Scalar(1), repeats));
    }

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
        var k = Node("Min", Shape(rows, 1), Integers(length));
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

namespace DotRec.Modeling;

/// <summary>Writes the query side of a <see cref="BprModel"/>: the sum of what was had, each item once, over the root of their number, and 1 for popularity.</summary>
/// <param name="inputs">[N, D].</param>
/// <param name="dimension">D.</param>
/// <param name="length">How many items are looked at.</param>
internal sealed class BprExport(float[] inputs, int dimension, int length) : HistoryGraph(length, dimension + 1)
{
    /// <inheritdoc/>
    protected override string Embedding(NewestItems newest)
    {
        var once = Once(newest);
        var vectors = Node("Gather", Graph.Weight("items", inputs, inputs.Length / dimension, dimension), newest.Rows);
        var sum = Node("ReduceSum", [Node("Mul", vectors, Unsqueeze(once, 2)), Integers(1)], ("keepdims", 0L));
        var count = Node("ReduceSum", [once, Integers(1)], ("keepdims", 1L));
        var least = Node("Max", count, Scalar(1));
        return Node("Concat", [Node("Div", sum, Node("Sqrt", least)), Node("Div", least, least)], ("axis", 1L));
    }
}

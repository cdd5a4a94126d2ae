namespace DotRec.Modeling;

/// <summary>Writes the query side of a <see cref="PooledHistory"/> as an ONNX graph.</summary>
internal sealed class PooledHistoryExport(PooledHistoryLayers layers, PooledHistoryOptions options) : HistoryExport(layers, options)
{
    /// <inheritdoc/>
    protected override string State(NewestItems newest)
    {
        var x = Embeddings(newest);
        var pooled = Node("Squeeze", Node("MatMul", Unsqueeze(layers.Joined is null ? Decayed(newest) : Attention(x, newest), 1), Values(x)), Integers(1));
        var inner = Node("Relu", Dense(pooled, layers.Inner, layers.InnerBias));
        return Norm(Add(pooled, Dense(inner, layers.Outer, layers.OuterBias)), layers.Gain, layers.Bias);
    }

    private string Values(string x) => layers.Joined is null ? x : Part(2, x, layers.Joined, layers.JoinedBias!);

    // [batch, k]: the share of each item.
    private string Decayed(NewestItems newest)
    {
        var factors = new float[options.Length];
        for (var age = 0; age < factors.Length; age++)
        {
            factors[age] = MathF.Pow(layers.Decay, age);
        }

        var weights = Node("Where", newest.AreItems, Node("Gather", Graph.Weight("factors", factors, factors.Length), newest.Places), Scalar(0));
        var sum = Node("ReduceSum", [weights, Integers(1)], ("keepdims", 1L));
        return Node("Div", weights, Node("Max", sum, Scalar(1)));
    }

    private string Attention(string x, NewestItems newest)
    {
        var query = Part(0, Node("Gather", [x, Integers(0)], ("axis", 1L)), layers.Joined!, layers.JoinedBias!);
        var key = Node("Transpose", [Part(1, x, layers.Joined!, layers.JoinedBias!)], ("perm", new long[] { 0, 2, 1 }));
        var logits = Node("Mul", Node("Squeeze", Node("MatMul", query, key), Integers(1)), Scalar(1f / MathF.Sqrt(options.Dimension)));
        return Node("Softmax", [Node("Where", newest.AreItems, logits, Scalar(Unseen))], ("axis", -1L));
    }
}

namespace DotRec.Modeling;

/// <summary>
/// Writes the query side of a <see cref="SasRec"/> as an ONNX graph. Its sequences are padded and stand newest item first, so that the places of
/// <see cref="SasRecLayers.Positions"/> are those of the axis; the last block computes the newest item's state alone.
/// </summary>
internal sealed class SasRecExport(SasRecLayers layers, SasRecOptions options) : HistoryExport(layers, options)
{
    private string? _noHeads;
    private string? _withHeads;

    private int Width => options.Dimension / options.Heads;

    /// <inheritdoc/>
    protected override string State(NewestItems newest)
    {
        var x = Add(Node("Mul", Embeddings(newest), Scalar(MathF.Sqrt(options.Dimension))), Node("Gather", Weight(layers.Positions), newest.Places));
        var older = Node("LessOrEqual", Unsqueeze(newest.Places, 1), Unsqueeze(newest.Places, 0));
        var seen = Unsqueeze(newest.AreItems, 1, 2);
        for (var i = 0; i < layers.Blocks.Count; i++)
        {
            // Of the last block, the newest item's state is all that is asked for.
            var isLast = i + 1 == layers.Blocks.Count;
            var asked = isLast ? Node("Gather", [x, Integers(0)], ("axis", 1L)) : x;
            x = Apply(layers.Blocks[i], asked, x, isLast ? seen : Node("And", older, seen));
        }

        return Node("Squeeze", Norm(x, layers.Gain, layers.Bias), Integers(1));
    }

    private string Apply(SasRecLayers.Block block, string asked, string all, string isSeen)
    {
        var normed = Norm(all, block.AttentionGain, block.AttentionBias);
        var query = Heads(Part(block, 0, asked == all ? normed : Norm(asked, block.AttentionGain, block.AttentionBias)));
        var (key, value) = (Heads(Part(block, 1, normed)), Heads(Part(block, 2, normed)));
        var logits = Node("Mul", Node("MatMul", query, Node("Transpose", [key], ("perm", new long[] { 0, 1, 3, 2 }))), Scalar(1f / MathF.Sqrt(Width)));
        var weights = Node("Softmax", [Node("Where", isSeen, logits, Scalar(Unseen))], ("axis", -1L));
        var attended = Node("Transpose", [Node("MatMul", weights, value)], ("perm", new long[] { 0, 2, 1, 3 }));
        var joined = Node("Reshape", attended, _noHeads ??= Integers(0, 0, options.Dimension));
        var x = Add(asked, Add(Node("MatMul", joined, Weight(block.Out)), Weight(block.OutBias)));
        var inner = Node("Relu", Add(Node("MatMul", Norm(x, block.Gain, block.Bias), Weight(block.Inner)), Weight(block.InnerBias)));
        return Add(x, Add(Node("MatMul", inner, Weight(block.Outer)), Weight(block.OuterBias)));
    }

    /// <summary>Queries (0), keys (1) or values (2).</summary>
    private string Part(SasRecLayers.Block block, int part, string x)
    {
        var d = options.Dimension;
        var joined = block.Joined.Value.Values;
        var weights = new float[d * d];
        for (var row = 0; row < d; row++)
        {
            joined.Slice((row * 3 * d) + (part * d), d).CopyTo(weights.AsSpan(row * d));
        }

        return Add(Node("MatMul", x, Graph.Weight("projection", weights, d, d)), Graph.Weight("projection_bias", block.JoinedBias.Value.Values.Slice(part * d, d), d));
    }

    // [batch, k, D] to [batch, H, k, d].
    private string Heads(string x) =>
        Node("Transpose", [Node("Reshape", x, _withHeads ??= Integers(0, 0, options.Heads, Width))], ("perm", new long[] { 0, 2, 1, 3 }));
}

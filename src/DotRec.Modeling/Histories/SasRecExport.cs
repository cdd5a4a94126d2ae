using DotRec.Autodiff;

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
        var x = Add(Embeddings(newest), Node("Gather", Weight(layers.Positions), options.PositionsFromStart ? FromStart(newest) : newest.Places));
        x = After(x, layers.Gain, layers.Bias);
        var older = Node("LessOrEqual", Unsqueeze(newest.Places, 1), Unsqueeze(newest.Places, 0));
        var seen = Unsqueeze(newest.AreItems, 1, 2);
        for (var i = 0; i < layers.Blocks.Count; i++)
        {
            // Of the last block, the newest item's state is all that is asked for.
            var isLast = i + 1 == layers.Blocks.Count;
            var asked = isLast ? Node("Gather", [x, Integers(0)], ("axis", 1L)) : x;
            x = Apply(layers.Blocks[i], asked, x, isLast ? seen : Node("And", older, seen));
        }

        return Node("Squeeze", Before(x, layers.Gain, layers.Bias), Integers(1));
    }

    private string Apply(SasRecLayers.Block block, string asked, string all, string isSeen)
    {
        var x = Add(asked, Attend(block, Before(asked, block.AttentionGain, block.AttentionBias), asked == all ? null : Before(all, block.AttentionGain, block.AttentionBias), isSeen));
        x = After(x, block.AttentionGain, block.AttentionBias);
        var inner = Node("Relu", Dense(Before(x, block.Gain, block.Bias), block.Inner, block.InnerBias));
        return After(Add(x, Dense(inner, block.Outer, block.OuterBias)), block.Gain, block.Bias);
    }

    // Newest first, the place from the beginning is what is left of the history; 0 where there is no item.
    private string FromStart(NewestItems newest) => Node("Max", Node("Sub", Unsqueeze(Node("Sub", Count(newest), Integers(1)), 1), newest.Places), Integers(0));

    private string Before(string x, Parameter gain, Parameter bias) => options.PostNorm ? x : Norm(x, gain, bias);

    private string After(string x, Parameter gain, Parameter bias) => options.PostNorm ? Norm(x, gain, bias) : x;

    private string Attend(SasRecLayers.Block block, string asked, string? others, string isSeen)
    {
        var all = others ?? asked;
        string Part(int part, string x) => this.Part(part, x, block.Joined, block.JoinedBias);
        var (query, key, value) = (Heads(Part(0, asked)), Heads(Part(1, all)), Heads(Part(2, all)));
        var logits = Node("Mul", Node("MatMul", query, Node("Transpose", [key], ("perm", new long[] { 0, 1, 3, 2 }))), Scalar(1f / MathF.Sqrt(Width)));
        var weights = Node("Softmax", [Node("Where", isSeen, logits, Scalar(Unseen))], ("axis", -1L));
        var attended = Node("Transpose", [Node("MatMul", weights, value)], ("perm", new long[] { 0, 2, 1, 3 }));
        return Dense(Node("Reshape", attended, _noHeads ??= Integers(0, 0, options.Dimension)), block.Out, block.OutBias);
    }

    // [batch, k, D] to [batch, H, k, d].
    private string Heads(string x) =>
        Node("Transpose", [Node("Reshape", x, _withHeads ??= Integers(0, 0, options.Heads, Width))], ("perm", new long[] { 0, 2, 1, 3 }));
}

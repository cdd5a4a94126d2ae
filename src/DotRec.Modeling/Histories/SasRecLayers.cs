using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The layers of a <see cref="SasRec"/>: item and position embeddings, blocks of causal attention and a small network, each behind a layer norm and beside the
/// path that passes it by ("pre-norm"), and a last layer norm.
/// </summary>
internal sealed class SasRecLayers : HistoryLayers
{
    private readonly SasRecOptions _options;

    public SasRecLayers(int itemCount, SasRecOptions options)
        : base(itemCount, options)
    {
        _options = options;
        var d = options.Dimension;
        Positions = Add("positions", Initializer.Normal(options.InitialDeviation), options.Length, d);
        Blocks = [.. Enumerable.Range(0, options.Blocks).Select(block => new Block(this, $"block{block}", d))];
        (Gain, Bias) = AddNorm("norm", d);
    }

    /// <summary>[L, D]: what a place in the history adds, counted from the end.</summary>
    public Parameter Positions { get; }

    public IReadOnlyList<Block> Blocks { get; }

    public Parameter Gain { get; }

    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(JaggedPositions positions, ForwardContext context)
    {
        var x = (Items.Value.Gather(new Indices(positions.Items)) * MathF.Sqrt(_options.Dimension)) + Positions.Value.Gather(new Indices(positions.Ages));
        x = Drop(x, context);
        foreach (var block in Blocks)
        {
            var attended = (x.LayerNorm(block.AttentionGain, block.AttentionBias, NormEpsilon).MatMul(block.Joined) + block.JoinedBias)
                .CausalAttention(positions.Offsets, _options.Heads);
            x += Drop(attended.MatMul(block.Out) + block.OutBias, context);
            var inner = (x.LayerNorm(block.Gain, block.Bias, NormEpsilon).MatMul(block.Inner) + block.InnerBias).Relu();
            x += Drop(Drop(inner, context).MatMul(block.Outer) + block.OuterBias, context);
        }

        return x.LayerNorm(Gain, Bias, NormEpsilon);
    }

    /// <summary>The weights of one block. Queries, keys and values are one product: their weights stand side by side.</summary>
    internal sealed class Block
    {
        public Block(SasRecLayers layers, string name, int d)
        {
            // Glorot's normal form of each of the three square matrices.
            (AttentionGain, AttentionBias) = layers.AddNorm($"{name}/attention-norm", d);
            Joined = layers.Add($"{name}/queries-keys-values", Initializer.Normal(1 / Math.Sqrt(d)), d, 3 * d);
            JoinedBias = layers.Add($"{name}/queries-keys-values-bias", Initializer.Zeros, 3 * d);
            (Out, OutBias) = layers.AddDense($"{name}/out", d, d);
            (Gain, Bias) = layers.AddNorm($"{name}/norm", d);
            (Inner, InnerBias) = layers.AddDense($"{name}/inner", d, d);
            (Outer, OuterBias) = layers.AddDense($"{name}/outer", d, d);
        }

        public Parameter AttentionGain { get; }

        public Parameter AttentionBias { get; }

        public Parameter Joined { get; }

        public Parameter JoinedBias { get; }

        public Parameter Out { get; }

        public Parameter OutBias { get; }

        public Parameter Gain { get; }

        public Parameter Bias { get; }

        public Parameter Inner { get; }

        public Parameter InnerBias { get; }

        public Parameter Outer { get; }

        public Parameter OuterBias { get; }
    }
}

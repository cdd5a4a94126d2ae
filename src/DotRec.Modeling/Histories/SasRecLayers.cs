using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The layers of a <see cref="SasRec"/>: item and position embeddings, blocks of causal attention and a small network, each beside the
/// path that passes it by, and layer norms.
/// </summary>
internal sealed class SasRecLayers : HistoryLayers
{
    private readonly SasRecOptions _options;

    public SasRecLayers(int itemCount, SasRecOptions options, ItemFeatures? features)
        : base(itemCount, options, features)
    {
        _options = options;
        var d = options.Dimension;
        Positions = Add("positions", Initializer.Normal(options.InitialDeviation), options.Length, d);
        Blocks = [.. Enumerable.Range(0, options.Blocks).Select(block => new Block(this, $"block{block}", d))];
        (Gain, Bias) = AddNorm("norm", d);
    }

    /// <summary>[L, D]: what a place in the history adds, counted from the end, or from the beginning of what is looked at.</summary>
    public Parameter Positions { get; }

    public IReadOnlyList<Block> Blocks { get; }

    public Parameter Gain { get; }

    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(JaggedPositions positions, ForwardContext context)
    {
        var x = Embed(positions) + Positions.Value.Gather(new Indices(_options.PositionsFromStart ? positions.Places : positions.Ages));
        x = Drop(_options.PostNorm ? x.LayerNorm(Gain, Bias, NormEpsilon) : x, context);
        foreach (var block in Blocks)
        {
            x = _options.PostNorm
                ? (x + Attend(block, x, positions, context)).LayerNorm(block.AttentionGain, block.AttentionBias, NormEpsilon)
                : x + Attend(block, x.LayerNorm(block.AttentionGain, block.AttentionBias, NormEpsilon), positions, context);
            x = _options.PostNorm
                ? (x + Feed(block, x, context)).LayerNorm(block.Gain, block.Bias, NormEpsilon)
                : x + Feed(block, x.LayerNorm(block.Gain, block.Bias, NormEpsilon), context);
        }

        return _options.PostNorm ? x : x.LayerNorm(Gain, Bias, NormEpsilon);
    }

    private Tensor Attend(Block block, Tensor x, JaggedPositions positions, ForwardContext context)
    {
        var attended = (x.MatMul(block.Joined) + block.JoinedBias)
            .CausalAttention(positions.Offsets, _options.Heads, (float)_options.AttentionDropout, _options.AttentionDropout > 0 ? context.NextSeed() : 0, context.IsTraining);
        return Drop(attended.MatMul(block.Out) + block.OutBias, context);
    }

    private Tensor Feed(Block block, Tensor x, ForwardContext context)
    {
        var inner = (x.MatMul(block.Inner) + block.InnerBias).Relu();
        return Drop(Drop(inner, context).MatMul(block.Outer) + block.OuterBias, context);
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

using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>The layers of a <see cref="PooledHistory"/>: item embeddings, what pools them, a small network beside the path that passes it by, and a layer norm.</summary>
internal sealed class PooledHistoryLayers : HistoryLayers
{
    private readonly PooledHistoryOptions _options;

    public PooledHistoryLayers(int itemCount, PooledHistoryOptions options, ItemFeatures? features)
        : base(itemCount, options, features)
    {
        _options = options;
        var d = options.Dimension;
        if (options.Pooling == HistoryPooling.Attention)
        {
            Joined = Add("queries-keys-values", Initializer.Normal(1 / Math.Sqrt(d)), d, 3 * d);
            JoinedBias = Add("queries-keys-values-bias", Initializer.Zeros, 3 * d);
        }

        (Inner, InnerBias) = AddDense("inner", d, d);
        (Outer, OuterBias) = AddDense("outer", d, d);
        (Gain, Bias) = AddNorm("norm", d);
    }

    /// <summary>[D, 3·D]; null without attention.</summary>
    public Parameter? Joined { get; }

    public Parameter? JoinedBias { get; }

    public Parameter Inner { get; }

    public Parameter InnerBias { get; }

    public Parameter Outer { get; }

    public Parameter OuterBias { get; }

    public Parameter Gain { get; }

    public Parameter Bias { get; }

    /// <summary>γ: 1 for the plain mean.</summary>
    public float Decay => _options.Pooling == HistoryPooling.Mean ? 1 : (float)_options.Decay;

    /// <inheritdoc/>
    public override Tensor Forward(JaggedPositions positions, ForwardContext context)
    {
        var x = Drop(Embed(positions), context);
        var pooled = Joined is null
            ? x.DecayedMean(positions.Offsets, Decay)
            : (x.MatMul(Joined) + JoinedBias!).CausalAttention(positions.Offsets);
        var inner = Drop((pooled.MatMul(Inner) + InnerBias).Relu(), context);
        return (pooled + Drop(inner.MatMul(Outer) + OuterBias, context)).LayerNorm(Gain, Bias, NormEpsilon);
    }
}

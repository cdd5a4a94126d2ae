namespace DotRec.Modeling;

/// <summary>The shape of a <see cref="SasRec"/> network and its loss. Immutable; every default is stated.</summary>
public sealed record SasRecOptions : HistoryNetworkOptions
{
    /// <summary>Attention blocks. 2 by default; on short histories 1 does as well.</summary>
    public int Blocks
    {
        get;
        init => field = AtLeast(value, 1, nameof(Blocks));
    } = 2;

    /// <summary>Attention heads a block, which share the dimension evenly. 1 by default.</summary>
    public int Heads
    {
        get;
        init => field = AtLeast(value, 1, nameof(Heads));
    } = 1;

    /// <summary>Share of attention weights that a training step leaves out, 0 to 1 excluded. 0 by default.</summary>
    public double AttentionDropout
    {
        get;
        init => field = Share(value, nameof(AttentionDropout));
    }

    /// <summary>
    /// True: the position of an item is its place from the beginning of what is looked at, the oldest item's being the first. False (the default): its place
    /// from the end.
    /// </summary>
    public bool PositionsFromStart { get; init; }

    /// <summary>
    /// False (the default): a layer norm before each layer and one at the end ("pre-norm", Xiong et al., 2020, "On Layer Normalization in the Transformer
    /// Architecture"). True: one after each sum and one at the input ("post-norm", Vaswani et al., 2017).
    /// </summary>
    public bool PostNorm { get; init; }

    /// <summary>A shape that suits histories: where they have 40 items and more in the mean, the defaults; where they are shorter, one block over the last 50 items and half of all values dropped.</summary>
    /// <param name="histories">What is learned from.</param>
    public static SasRecOptions For(Histories histories)
    {
        ArgumentNullException.ThrowIfNull(histories);
        return histories.AreLong ? new SasRecOptions() : new SasRecOptions { Length = 50, Blocks = 1, Dropout = 0.5 };
    }
}

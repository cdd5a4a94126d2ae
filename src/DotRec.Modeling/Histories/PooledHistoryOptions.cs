namespace DotRec.Modeling;

/// <summary>The shape of a <see cref="PooledHistory"/> network and its loss. Immutable; every default is stated.</summary>
public sealed record PooledHistoryOptions : HistoryNetworkOptions
{
    /// <summary>How items become one vector. A decayed mean by default.</summary>
    public HistoryPooling Pooling
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Pooling), value, "It is none of the ways to pool.");
    } = HistoryPooling.DecayedMean;

    /// <summary>How much an item counts for each step that it is older, above 0 and at most 1, in a decayed mean. 0.8 by default.</summary>
    public double Decay
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Decay), value, "Decay is a factor a step, above 0 and at most 1.");
    } = 0.8;
}

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
}

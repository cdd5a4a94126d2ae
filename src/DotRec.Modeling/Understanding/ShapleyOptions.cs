namespace DotRec.Modeling;

/// <summary>How thoroughly <see cref="ShapleyValues"/> are computed.</summary>
public sealed record ShapleyOptions
{
    /// <summary>Up to this many features, all 2ⁿ coalitions are evaluated; 10 by default, 20 at most. Above, orders of the features are sampled.</summary>
    public int ExactUpTo
    {
        get;
        init => field = value is >= 0 and <= 20 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "ExactUpTo is between 0 and 20.");
    } = 10;

    /// <summary>
    /// Orders sampled at least, 200 by default; rounded up so that every background row meets equally many. The standard error falls with their root.
    /// </summary>
    public int Orders
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one order is needed.");
    } = 200;

    /// <summary>Decides the orders.</summary>
    public ulong Seed { get; init; }
}

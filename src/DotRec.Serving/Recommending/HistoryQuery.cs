namespace DotRec.Serving;

/// <summary>
/// How a recommender of item-to-item weights reads a query: what was had, in order, each item weighing less the older it is. A query gives the items itself
/// (<c>new { history = new[] { "a", "b" } }</c>: a session, a basket, a page), or its id, of which the recommender knows what it had in training, or both:
/// then the given items count.
/// </summary>
public sealed record HistoryQuery
{
    /// <summary>The default of <see cref="Feature"/>.</summary>
    public const string DefaultFeature = "history";

    /// <summary>Name of the feature with the ids of what was had, the last one last; "history" by default.</summary>
    public string Feature
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    } = DefaultFeature;

    /// <summary>What an item weighs for each step that it is older, above 0 and at most 1; 1 by default.</summary>
    public double Decay
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Decay)} is a factor a step, above 0 and at most 1.");
    } = 1;

    /// <summary>How many items count, the newest ones; 1,000 by default.</summary>
    public int Length
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Length)} is at least 1.");
    } = 1000;
}

namespace DotRec.Modeling;

/// <summary>How the cross layers and the deep layers of a <see cref="DeepCrossNetwork"/> are put together (DCN-V2, figure 1).</summary>
public enum NetworkStructure
{
    /// <summary>The deep layers read what the cross layers made: x0 → crosses → deep → score.</summary>
    Stacked,

    /// <summary>Both read x0, and the score is linear in both results.</summary>
    Parallel,
}

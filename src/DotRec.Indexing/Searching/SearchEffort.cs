namespace DotRec.Indexing;

/// <summary>How far one search goes.</summary>
/// <param name="Partitions">Partitions scanned where nothing restricts the answer, 1 to P.</param>
/// <param name="Rescoring">R: candidates whose exact scores are computed, at least k.</param>
/// <param name="K">The k that these numbers are meant for.</param>
/// <param name="IsGiven">Whether a call gave these numbers: it gets no less.</param>
/// <param name="Margins">How far below the k-th best the search has to look where something restricts the answer.</param>
internal readonly record struct SearchEffort(int Partitions, int Rescoring, int K, bool IsGiven, SearchMargins Margins);

/// <summary>
/// How far below the k-th best score a calibrated search looks, in units of how far approximate scores near it may be off
/// (<see cref="QueryVector.ErrorUnit"/>). Where items are kept out of the answer the k-th best is lower and lies among others that score alike:
/// a number of partitions and candidates does not fit there any more, but these do.
/// </summary>
/// <param name="Route">To the centroid of the last partition scanned, in such units of its own codes.</param>
/// <param name="Score">To the last candidate rescored.</param>
internal readonly record struct SearchMargins(float Route, float Score)
{
    /// <summary>Not known: the index was never calibrated.</summary>
    public static SearchMargins Unknown => new(float.NaN, float.NaN);

    /// <summary>Whether they are known.</summary>
    public bool AreKnown => float.IsFinite(Route) && float.IsFinite(Score);
}

/// <summary>How far searches go that are not told, as built or calibrated.</summary>
/// <param name="Options">What is null is chosen by the number of partitions and by k.</param>
/// <param name="K">The k that was calibrated for; 10 where none was.</param>
/// <param name="Margins">As calibrated.</param>
internal sealed record SearchDefaults(ScannSearchOptions Options, int K, SearchMargins Margins)
{
    /// <summary>The partitions that the options are meant for; 0 where they were given.</summary>
    public int PartitionCount { get; init; }

    /// <summary>The same for an index of nearly the same items with another number of partitions.</summary>
    public SearchDefaults For(int partitionCount) => PartitionCount == 0 || Options.PartitionsToSearch is not { } searched
        ? this
        : this with
        {
            Options = Options with { PartitionsToSearch = (int)Math.Ceiling((double)searched * partitionCount / PartitionCount) },
            PartitionCount = partitionCount,
        };
}

namespace DotRec.Pipelines;

/// <summary>A model that was tried, and what came of it.</summary>
/// <param name="Name">Its name, for example "item-knn".</param>
/// <param name="Settings">The settings that were best for it, in words; empty where there are none.</param>
public sealed record ModelCandidate(string Name, string Settings)
{
    /// <summary>Its figure on the validation rows, their mean; null where it was not measured.</summary>
    public double? Figure { get; init; }

    /// <summary>Half of the 95 % interval of the figure.</summary>
    public double? Interval { get; init; }

    /// <summary>By how much it is worse than the best one, row by row: 0 for the best one itself; null where it was not measured.</summary>
    public double? Behind { get; init; }

    /// <summary>Half of the 95 % interval of that difference, from the rows' differences: much narrower than the intervals of the figures.</summary>
    public double? BehindInterval { get; init; }

    /// <summary>Seconds that its search took.</summary>
    public double Seconds { get; init; }

    /// <summary>Why it was not measured; null where it was.</summary>
    public string? Problem { get; init; }
}

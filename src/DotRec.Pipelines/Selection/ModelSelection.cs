namespace DotRec.Pipelines;

/// <summary>Which model was chosen among several, by what figures and why: candidates compared on validation rows that none of them was fit on.</summary>
public sealed record ModelSelection
{
    internal ModelSelection(string metric, IReadOnlyList<ModelCandidate> candidates, ModelCandidate chosen, string reason) =>
        (Metric, Candidates, Chosen, Reason) = (metric, candidates, chosen, reason);

    /// <summary>What was compared, for example "ndcg@10" or "log loss".</summary>
    public string Metric { get; }

    /// <summary>True where a smaller figure is the better one.</summary>
    public bool LessIsBetter { get; init; }

    /// <summary>Every candidate, in the order in which they were tried: simpler ones first.</summary>
    public IReadOnlyList<ModelCandidate> Candidates { get; }

    /// <summary>The one that was fit again on all rows of training.</summary>
    public ModelCandidate Chosen { get; }

    /// <summary>Why, as a sentence.</summary>
    public string Reason { get; }

    /// <summary>Validation rows that were compared on.</summary>
    public int ValidationRowCount { get; init; }

    /// <summary>How long the search and the last fit may take together; null for as long as it takes.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>How long the search took.</summary>
    public TimeSpan Spent { get; init; }
}

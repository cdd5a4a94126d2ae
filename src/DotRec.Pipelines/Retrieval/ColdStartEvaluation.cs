namespace DotRec.Pipelines;

/// <summary>
/// A retrieval model on items, or queries, of which it saw no row in training. Beside it what knows nothing of new ones: the order of popularity, and a random
/// one; and for items two towers that read the item's features alone.
/// </summary>
public sealed record ColdStartEvaluation
{
    internal ColdStartEvaluation(HoldOutKind kind, int newCount, int rowCount, IReadOnlyList<ColdStartResult> results) =>
        (Kind, NewCount, RowCount, Results) = (kind, newCount, rowCount, results);

    /// <summary>What is new: <see cref="HoldOutKind.ColdItems"/> or <see cref="HoldOutKind.ColdQueries"/>.</summary>
    public HoldOutKind Kind { get; }

    /// <summary>Items of the catalogue, or queries of the test rows, that have no training row.</summary>
    public int NewCount { get; }

    /// <summary>Test rows that were measured on.</summary>
    public int RowCount { get; }

    /// <summary>
    /// The model last, before it what it is compared with: "random", after a training "popularity" and, where items have features, "content".
    /// </summary>
    public IReadOnlyList<ColdStartResult> Results { get; }
}

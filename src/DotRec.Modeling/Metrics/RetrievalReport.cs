namespace DotRec.Modeling;

/// <summary>Retrieval metrics in both settings: what users have already had may come again, or may not; and the ranks they are made of.</summary>
public sealed class RetrievalReport
{
    private readonly RetrievalMetrics? _excludingSeen;

    private RetrievalReport(RetrievalMetrics all, RetrievalMetrics? excludingSeen) => (All, _excludingSeen) = (all, excludingSeen);

    /// <summary>Every item of the catalogue is a candidate: TFRS' protocol.</summary>
    public RetrievalMetrics All { get; }

    /// <summary>The query's training items are no candidates; an example whose true item is one of them is a miss.</summary>
    /// <exception cref="InvalidOperationException">No training data is known, see <see cref="HasExcludingSeen"/>.</exception>
    public RetrievalMetrics ExcludingSeen => _excludingSeen ?? throw new InvalidOperationException(
        $"It is not known what queries have seen: the model was loaded, not fitted. Call {nameof(RecommenderModel.RememberTrainingData)} before the evaluation.");

    /// <summary>True when training data is known, so that <see cref="ExcludingSeen"/> could be measured.</summary>
    public bool HasExcludingSeen => _excludingSeen is not null;

    /// <summary>Rank of the true item of each example among all items, from 1; 0 where it was not ranked.</summary>
    public ReadOnlyMemory<int> Ranks { get; private init; }

    /// <summary>Rank of the true item among the items that the query has not seen, from 1; 0 where it was not ranked. Empty where it is not known what was seen.</summary>
    public ReadOnlyMemory<int> RanksExcludingSeen { get; private init; }

    /// <summary>The report of ranks.</summary>
    /// <param name="ranks">Rank of each example's true item among all items: 1 is best, 0 means it was not ranked.</param>
    /// <param name="excludingSeen">The same among the items that its query has not seen; null where that is not known.</param>
    /// <param name="ks">List lengths.</param>
    /// <param name="weights">One weight an example, or empty for equal weights.</param>
    /// <exception cref="ArgumentException">There is no example, the lengths differ, or the weights sum to 0.</exception>
    public static RetrievalReport FromRanks(int[] ranks, int[]? excludingSeen, ReadOnlySpan<int> ks, ReadOnlySpan<float> weights = default)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        if (excludingSeen is not null && excludingSeen.Length != ranks.Length)
        {
            throw new ArgumentException($"There are {excludingSeen.Length} ranks among unseen items for {ranks.Length} examples. Give one an example.", nameof(excludingSeen));
        }

        return new RetrievalReport(
            RetrievalMetrics.FromRanks(ranks, ks, weights), excludingSeen is null ? null : RetrievalMetrics.FromRanks(excludingSeen, ks, weights))
        {
            Ranks = ranks,
            RanksExcludingSeen = excludingSeen,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => _excludingSeen is null ? $"{All}" : $"{All}; excluding seen: {_excludingSeen}";
}

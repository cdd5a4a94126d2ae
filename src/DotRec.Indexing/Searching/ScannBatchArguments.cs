using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>What a batch search of an approximate index looks for.</summary>
/// <param name="Space">What is searched.</param>
/// <param name="QueryCount">Queries.</param>
/// <param name="K">Candidates a query.</param>
/// <param name="Effort">How far each query goes.</param>
/// <param name="Filter">Items that may be returned, or null.</param>
/// <param name="ExcludedRows">Rows that may not be returned, one array a query, or null.</param>
internal sealed record ScannBatchArguments(
    SearchSpace Space, int QueryCount, int K, SearchEffort Effort, ItemFilter? Filter, IReadOnlyList<int[]>? ExcludedRows)
{
    // A few dozen queries at a time: what they keep stays in the nearest caches. No answer depends on the block that its query is in.
    private const int MaxBlock = 48;
    private const int MinGroupedBlock = 16;
    private const int MinBlock = 4;
    private const int BlocksAThread = 4;

    /// <summary>
    /// Whether the queries of a block go through the index together, partition by partition; otherwise one after another, where there are too few of them
    /// for a block a thread: docs/decisions/0016-search-under-filters.md.
    /// </summary>
    public bool IsGrouped { get; } = Groups(Space, QueryCount);

    /// <summary>Blocks the queries are split into: as many for each thread.</summary>
    public int BlockCount { get; } = Blocks(QueryCount, Groups(Space, QueryCount) ? MinGroupedBlock : MinBlock);

    private static bool Groups(SearchSpace space, int queryCount) => space.RowCount > 0 && queryCount >= MinGroupedBlock * Parallelism.MaxDegreeOfParallelism;

    private static int Blocks(int queryCount, int min)
    {
        var threads = Parallelism.MaxDegreeOfParallelism;
        var length = Math.Clamp(queryCount / (BlocksAThread * threads), min, MaxBlock);

        // As many for each thread, and where that is none, a block for some of them.
        return Math.Max(queryCount / length / threads * threads, Math.Min(threads, (queryCount + min - 1) / min));
    }
}

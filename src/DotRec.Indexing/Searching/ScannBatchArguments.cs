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
    // Enough queries that each partition is read for several of them, and enough blocks for many processors. Fixed numbers, so that the work
    // is the same at any thread count.
    private const int GreatestBlock = 256;
    private const int LeastGroupedBlock = 16;
    private const int LeastBlock = 4;
    private const int EnoughBlocks = 32;

    // Going through the index partition by partition pays for its bookkeeping from about so many partitions a query on: measured in
    // docs/decisions/0016-search-under-filters.md.
    private const int LeastGroupedPartitions = 24;

    /// <summary>Whether the queries of a block go through the index together; otherwise one after another.</summary>
    public bool IsGrouped => Space.RowCount > 0 && Effort.Partitions >= LeastGroupedPartitions;

    /// <summary>Blocks the queries are split into.</summary>
    public int BlockCount
    {
        get
        {
            var length = Math.Clamp(QueryCount / EnoughBlocks, IsGrouped ? LeastGroupedBlock : LeastBlock, GreatestBlock);
            return (QueryCount + length - 1) / length;
        }
    }
}

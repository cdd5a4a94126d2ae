namespace DotRec.Indexing;

/// <summary>
/// Searches that return new arrays and take ids: shorter to write than the span methods of <see cref="IItemIndex"/>, with an allocation each.
/// </summary>
public static class ItemIndexExtensions
{
    /// <summary>Finds the k items that score highest against one query.</summary>
    /// <param name="index">The index.</param>
    /// <param name="query">Shape [D].</param>
    /// <param name="k">How many candidates at most, at least 1.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludedRows">Rows that may not be returned; −1 is ignored.</param>
    /// <returns>At most k candidates, best first; fewer when fewer are allowed.</returns>
    public static Candidate[] Search(
        this IItemIndex index, ReadOnlySpan<float> query, int k, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var results = new Candidate[Math.Min(k, index.Count)];
        return results[..index.Search(query, results, filter, excludedRows)];
    }

    /// <summary>Finds the k best items other than those with the given ids; ids the index does not hold are ignored.</summary>
    /// <param name="index">The index.</param>
    /// <param name="query">Shape [D].</param>
    /// <param name="k">How many candidates at most, at least 1.</param>
    /// <param name="excludedIds">Ids that may not be returned.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    public static Candidate[] Search(
        this IItemIndex index, ReadOnlySpan<float> query, int k, ReadOnlySpan<string> excludedIds, ItemFilter? filter = null)
        => index.Search(query, k, filter, index.Ids.RowsOf(excludedIds));

    /// <summary>Finds the k best items other than those with the given ids; ids the index does not hold are ignored.</summary>
    /// <param name="index">The index.</param>
    /// <param name="query">Shape [D].</param>
    /// <param name="k">How many candidates at most, at least 1.</param>
    /// <param name="excludedIds">Ids that may not be returned.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    public static Candidate[] Search(
        this IItemIndex index, ReadOnlySpan<float> query, int k, ReadOnlySpan<long> excludedIds, ItemFilter? filter = null)
        => index.Search(query, k, filter, index.Ids.RowsOf(excludedIds));

    /// <summary>
    /// Finds the best items for many queries at once: one array a query, as <see cref="Search(IItemIndex, ReadOnlySpan{float}, int, ItemFilter?,
    /// ReadOnlySpan{int})"/> gives it.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="queries">Shape [Q, D].</param>
    /// <param name="k">How many candidates a query at most, at least 1.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludedRows">One array of rows a query that may not be returned, or null.</param>
    public static Candidate[][] SearchBatch(
        this IItemIndex index, ReadOnlySpan<float> queries, int k, ItemFilter? filter = null, IReadOnlyList<int[]>? excludedRows = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var width = Math.Max(1, Math.Min(k, index.Count));
        var counts = new int[queries.Length / index.Dimension];
        var results = new Candidate[checked(counts.Length * width)];
        index.SearchBatch(queries, width, results, counts, filter, excludedRows);
        var lists = new Candidate[counts.Length][];
        for (var query = 0; query < lists.Length; query++)
        {
            lists[query] = results.AsSpan(query * width, counts[query]).ToArray();
        }

        return lists;
    }
}

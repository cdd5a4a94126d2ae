namespace DotRec.Indexing;

/// <summary>The checks every index makes before it searches.</summary>
internal static class SearchArguments
{
    /// <summary>Checks one query's width and the filter.</summary>
    public static void Check(IItemIndex index, ReadOnlySpan<float> query, ItemFilter? filter)
    {
        CheckWidth(index, query);
        CheckFilter(index, filter);
    }

    /// <summary>Checks one query's width.</summary>
    public static void CheckWidth(IItemIndex index, ReadOnlySpan<float> query)
    {
        if (query.Length != index.Dimension)
        {
            throw new ArgumentException($"The query has {query.Length} dimensions; the index holds embeddings of {index.Dimension}.", nameof(query));
        }
    }

    /// <summary>Checks a batch.</summary>
    /// <returns>Number of queries.</returns>
    public static int Check(
        IItemIndex index, ReadOnlySpan<float> queries, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter, IReadOnlyList<int[]>? excludedRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (queries.Length % index.Dimension != 0)
        {
            throw new ArgumentException(
                $"The queries hold {queries.Length} values, which is no whole number of embeddings of {index.Dimension}.", nameof(queries));
        }

        var queryCount = queries.Length / index.Dimension;
        if (results.Length < (long)queryCount * k)
        {
            throw new ArgumentException(
                $"results has room for {results.Length} candidates; {queryCount} queries with k = {k} need {(long)queryCount * k}.", nameof(results));
        }

        if (counts.Length < queryCount)
        {
            throw new ArgumentException($"counts has room for {counts.Length} numbers; there are {queryCount} queries.", nameof(counts));
        }

        if (excludedRows is not null && excludedRows.Count != queryCount)
        {
            throw new ArgumentException(
                $"excludedRows has {excludedRows.Count} arrays; there are {queryCount} queries, and each needs one.", nameof(excludedRows));
        }

        CheckFilter(index, filter);
        return queryCount;
    }

    /// <summary>Checks the arguments of <see cref="IItemIndex.CopyEmbedding"/>.</summary>
    public static void Check(IItemIndex index, int row, Span<float> destination)
    {
        if ((uint)row >= (uint)index.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(row), row, $"Row {row} was asked for, but there are {index.Count} items: rows are 0 to {index.Count - 1}.");
        }

        if (destination.Length != index.Dimension)
        {
            throw new ArgumentException(
                $"The destination has room for {destination.Length} values; the index holds embeddings of {index.Dimension}.", nameof(destination));
        }
    }

    /// <summary>Checks the filter.</summary>
    public static void CheckFilter(IItemIndex index, ItemFilter? filter)
    {
        if (filter is not null && filter.Count != index.Count)
        {
            throw new ArgumentException(
                $"The filter covers {filter.Count} items; the index holds {index.Count}. Make the filter for this index.", nameof(filter));
        }
    }
}

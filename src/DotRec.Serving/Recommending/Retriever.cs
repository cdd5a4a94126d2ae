using System.Buffers;
using System.Collections;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>From embedded queries to recommendations: seen items out, unknown queries by policy, index search, items by row.</summary>
internal sealed class Retriever(IItemIndex index, ItemTable items, QueryIdentity identity, Popularity? popularity, UnknownQueryPolicy policy)
{
    /// <summary>Answers a call of one row.</summary>
    public Recommendations Single(ModelCall call, int k, IEnumerable? exclude, ItemFilter? filter, bool excludeSeen)
    {
        var excluded = new ExcludedRows();
        try
        {
            Gather(call, row: 0, exclude, excludeSeen, ref excluded);
            var isUnknown = identity.IsUnknown(call, row: 0);
            return isUnknown && policy == UnknownQueryPolicy.Popularity
                ? ByPopularity(k, filter, excluded.Rows)
                : Search(index, call.Output, k, filter, excluded.Rows, isUnknown);
        }
        finally
        {
            excluded.Dispose();
        }
    }

    /// <summary>The best items for one embedding, of an index with the recommender's rows.</summary>
    public Recommendations Search(IItemIndex searched, ReadOnlySpan<float> embedding, int k, ItemFilter? filter, ReadOnlySpan<int> excluded, bool isUnknownQuery = false)
    {
        k = Math.Min(k, searched.Count);
        var results = ArrayPool<Candidate>.Shared.Rent(k);
        try
        {
            var found = k == 0 ? 0 : searched.Search(embedding, results.AsSpan(0, k), filter, excluded);
            return new Recommendations(items, results.AsSpan(0, found), isUnknownQuery, isByPopularity: false);
        }
        finally
        {
            ArrayPool<Candidate>.Shared.Return(results);
        }
    }

    /// <summary>Answers every row of a call.</summary>
    public Recommendations[] Batch(ModelCall call, int k, IReadOnlyList<IEnumerable?>? exclude, int firstExclude, ItemFilter? filter, bool excludeSeen)
    {
        var rows = call.RowCount;
        var excluded = GatherAll(call, exclude, firstExclude, excludeSeen);
        k = Math.Min(k, index.Count);
        var results = new Candidate[checked(rows * k)];
        var counts = new int[rows];
        if (k > 0)
        {
            index.SearchBatch(call.Output, k, results, counts, filter, excluded);
        }

        var answers = new Recommendations[rows];
        for (var row = 0; row < rows; row++)
        {
            var isUnknown = identity.IsUnknown(call, row);
            answers[row] = isUnknown && policy == UnknownQueryPolicy.Popularity
                ? ByPopularity(k, filter, excluded is null ? [] : excluded[row])
                : new Recommendations(items, results.AsSpan(row * k, counts[row]), isUnknown, isByPopularity: false);
        }

        return answers;
    }

    private Recommendations ByPopularity(int k, ItemFilter? filter, ReadOnlySpan<int> excluded)
    {
        if (filter is not null && filter.Count != index.Count)
        {
            throw new ArgumentException($"The filter covers {filter.Count} items but the index holds {index.Count}. Make it from this recommender's items.", nameof(filter));
        }

        var results = new Candidate[Math.Min(k, index.Count)];
        var found = popularity!.Search(results, filter, [.. excluded]);
        return new Recommendations(items, results.AsSpan(0, found), isUnknownQuery: true, isByPopularity: true);
    }

    private void Gather(ModelCall call, int row, IEnumerable? exclude, bool excludeSeen, ref ExcludedRows excluded)
    {
        excluded.Add(exclude, index.Ids);
        if (excludeSeen)
        {
            excluded.Add(identity.Seen(call, row));
        }
    }

    private int[][]? GatherAll(ModelCall call, IReadOnlyList<IEnumerable?>? exclude, int firstExclude, bool excludeSeen)
    {
        if (exclude is null && !(excludeSeen && identity.HasSeen))
        {
            return null;
        }

        var all = new int[call.RowCount][];
        for (var row = 0; row < all.Length; row++)
        {
            var excluded = new ExcludedRows();
            Gather(call, row, exclude?[firstExclude + row], excludeSeen, ref excluded);
            all[row] = excluded.ToArray();
            excluded.Dispose();
        }

        return all;
    }
}

using System.Buffers;
using System.Collections;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>From embedded queries to recommendations: seen items out, unknown queries by policy, index search, the rest by the reranker.</summary>
internal sealed class Retriever(
    IItemIndex index, ItemTable items, QueryIdentity identity, Popularity? popularity, UnknownQueryPolicy policy, Reranker reranker)
{
    /// <summary>Answers a call of one row.</summary>
    public Recommendations Single(ModelCall call, in Selection selection)
    {
        var excluded = new ExcludedRows();
        var candidates = Array.Empty<Candidate>();
        try
        {
            Gather(call, row: 0, selection, exclude: null, ref excluded);
            var isUnknown = identity.IsUnknown(call, row: 0);
            if (isUnknown && policy == UnknownQueryPolicy.Popularity)
            {
                return ByPopularity(selection, excluded.Rows);
            }

            candidates = ArrayPool<Candidate>.Shared.Rent(reranker.CandidatesFor(selection));
            var found = Search(index, call.Output, candidates.AsSpan(0, reranker.CandidatesFor(selection)), selection.Filter, excluded.Rows);
            return reranker.Finish(call, found, selection, isUnknown);
        }
        finally
        {
            excluded.Dispose();
            if (candidates.Length > 0)
            {
                ArrayPool<Candidate>.Shared.Return(candidates);
            }
        }
    }

    /// <summary>The items nearest to one embedding, of an index with the recommender's rows; not ranked, for there is no query.</summary>
    public Recommendations Nearest(IItemIndex searched, ReadOnlySpan<float> embedding, int k, ItemFilter? filter, ReadOnlySpan<int> excluded)
    {
        var candidates = ArrayPool<Candidate>.Shared.Rent(Math.Min(k, searched.Count));
        try
        {
            var found = Search(searched, embedding, candidates.AsSpan(0, Math.Min(k, searched.Count)), filter, excluded);
            return new Recommendations(items, found, isUnknownQuery: false, isByPopularity: false);
        }
        finally
        {
            ArrayPool<Candidate>.Shared.Return(candidates);
        }
    }

    /// <summary>Answers every row of a call.</summary>
    public Recommendations[] Batch(ModelCall call, in Selection selection, IReadOnlyList<IEnumerable?>? exclude, int firstExclude)
    {
        var rows = call.RowCount;
        var excluded = GatherAll(call, selection, exclude, firstExclude);
        var width = reranker.CandidatesFor(selection);
        var candidates = new Candidate[checked(rows * width)];
        var counts = new int[rows];
        if (width > 0)
        {
            using var stage = ServingTelemetry.BeginStage("retrieve");
            index.SearchBatch(call.Output, width, candidates, counts, selection.Filter, excluded);
        }

        var isByPopularity = new bool[rows];
        for (var row = 0; row < rows; row++)
        {
            if (policy == UnknownQueryPolicy.Popularity && identity.IsUnknown(call, row))
            {
                (isByPopularity[row], counts[row]) = (true, 0); // nothing to rank
            }
        }

        var scores = reranker.Score(call, candidates, counts, width);
        var answers = new Recommendations[rows];
        for (var row = 0; row < rows; row++)
        {
            answers[row] = isByPopularity[row]
                ? ByPopularity(selection, excluded is null ? [] : excluded[row])
                : reranker.Choose(
                    candidates.AsSpan(row * width, counts[row]), scores is null ? [] : scores.AsSpan(row * width, counts[row]), selection, identity.IsUnknown(call, row));
        }

        return answers;
    }

    private static Span<Candidate> Search(
        IItemIndex searched, ReadOnlySpan<float> embedding, Span<Candidate> candidates, ItemFilter? filter, ReadOnlySpan<int> excluded)
    {
        using var stage = ServingTelemetry.BeginStage("retrieve");
        return candidates.IsEmpty ? [] : candidates[..searched.Search(embedding, candidates, filter, excluded)];
    }

    private Recommendations ByPopularity(in Selection selection, ReadOnlySpan<int> excluded)
    {
        var filter = selection.Filter;
        if (filter is not null && filter.Count != index.Count)
        {
            throw new ArgumentException($"The filter covers {filter.Count} items but the index holds {index.Count}. Make it from this recommender's items.", nameof(selection));
        }

        var results = new Candidate[Math.Min(selection.K, index.Count)];
        var found = popularity!.Search(results, filter, [.. excluded]);
        return new Recommendations(items, results.AsSpan(0, found), isUnknownQuery: true, isByPopularity: true);
    }

    private void Gather(ModelCall call, int row, in Selection selection, IEnumerable? exclude, ref ExcludedRows excluded)
    {
        excluded.Add(selection.Exclude, index.Ids);
        excluded.Add(exclude, index.Ids);
        if (selection.ExcludeSeen)
        {
            excluded.Add(identity.Seen(call, row));
        }
    }

    private int[][]? GatherAll(ModelCall call, in Selection selection, IReadOnlyList<IEnumerable?>? exclude, int firstExclude)
    {
        if (exclude is null && selection.Exclude is null && !(selection.ExcludeSeen && identity.HasSeen))
        {
            return null;
        }

        var all = new int[call.RowCount][];
        for (var row = 0; row < all.Length; row++)
        {
            var excluded = new ExcludedRows();
            Gather(call, row, selection, exclude?[firstExclude + row], ref excluded);
            all[row] = excluded.ToArray();
            excluded.Dispose();
        }

        return all;
    }
}

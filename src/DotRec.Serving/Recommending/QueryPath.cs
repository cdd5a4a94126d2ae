using System.Buffers;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>
/// The path of a query through the parts of a recommender: embed → retrieve → rank → choose. One query and many take the same one.
/// </summary>
internal sealed class QueryPath(QueryEncoder encoder, CandidateRanker? ranker, QueryIdentity identity, UnknownQueryPolicy policy)
{
    /// <summary>Answers every query of a call.</summary>
    /// <param name="call">The queries' features; receives their embeddings.</param>
    /// <param name="items">The items to choose from.</param>
    /// <param name="selection">What is asked for.</param>
    /// <param name="exclude">For each query of the whole request more ids that it may not get, or null.</param>
    /// <param name="first">Place of the call's first query in the request.</param>
    /// <param name="answers">Receives an answer for each query.</param>
    public void Answer(
        QueryCall call, RecommenderSnapshot items, in Selection selection, IReadOnlyList<IReadOnlyCollection<ItemId>?>? exclude, int first, Span<Recommendations> answers)
    {
        Embed(call);
        using var excluded = ExcludedRows.Rent(call.RowCount);
        Exclude(call, items, selection, exclude, first, excluded);
        using var candidates = Retrieve(call, items, selection, excluded);
        Rank(call, items, candidates);
        for (var query = 0; query < answers.Length; query++)
        {
            var isUnknown = encoder.IsUnknown(call, query, identity, items.Seen);
            answers[query] = isUnknown && policy == UnknownQueryPolicy.Popularity
                ? MostPopular(items, selection, excluded.Of(query))
                : Choose(items, candidates.Of(query), ranker is null ? [] : candidates.ScoresOf(query), selection, isUnknown);
        }
    }

    private static void Embed(QueryCall call)
    {
        using var stage = ServingTelemetry.BeginStage("embed");
        call.Run();
    }

    private void Exclude(
        QueryCall call, RecommenderSnapshot items, in Selection selection, IReadOnlyList<IReadOnlyCollection<ItemId>?>? exclude, int first, ExcludedRows excluded)
    {
        for (var query = 0; query < call.RowCount; query++)
        {
            excluded.Add(selection.Exclude, items.Index.Ids);
            excluded.Add(exclude?[first + query], items.Index.Ids);
            if (selection.ExcludeSeen)
            {
                excluded.Add(identity.Seen(call, query, items.Seen));
                excluded.Add(encoder.HadBy(call, query));
            }

            excluded.EndQuery();
        }
    }

    private CandidateLists Retrieve(QueryCall call, RecommenderSnapshot items, in Selection selection, ExcludedRows excluded)
    {
        using var stage = ServingTelemetry.BeginStage("retrieve");
        var index = items.Index;
        var lists = CandidateLists.Rent(call.RowCount, Math.Min(index.Count, ranker is null ? selection.Retrieved : Math.Max(selection.K, selection.RankedCandidates)));
        if (lists.Width == 0)
        {
            lists.Counts.Clear();
        }
        else
        {
            encoder.Search(call, items, selection, excluded, lists);
        }

        for (var query = 0; query < call.RowCount && policy == UnknownQueryPolicy.Popularity; query++)
        {
            if (encoder.IsUnknown(call, query, identity, items.Seen))
            {
                lists.Counts[query] = 0; // gets the most popular items: there is nothing to rank
            }
        }

        return lists;
    }

    private void Rank(QueryCall call, RecommenderSnapshot items, CandidateLists candidates)
    {
        if (ranker is not null)
        {
            using var stage = ServingTelemetry.BeginStage("rank");
            ranker.Score(call, items.RankerFeatures, candidates);
        }
    }

    /// <summary>The best k of a query's candidates, in order.</summary>
    /// <param name="items">The items.</param>
    /// <param name="candidates">As retrieved, best first.</param>
    /// <param name="scores">The ranker's; empty without one.</param>
    /// <param name="selection">What was asked for.</param>
    /// <param name="isUnknownQuery">Whether the query's id is unknown.</param>
    public static Recommendations Choose(
        RecommenderSnapshot items, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<float> scores, in Selection selection, bool isUnknownQuery)
    {
        var count = Math.Min(selection.K, candidates.Length);
        if (scores.IsEmpty && selection.Diversity == 0)
        {
            return new Recommendations(items.Items, candidates[..count], isUnknownQuery, isByPopularity: false);
        }

        var ranked = ArrayPool<RankedItem>.Shared.Rent(candidates.Length + count);
        try
        {
            var ordered = ranked.AsSpan(0, candidates.Length);
            var chosen = ordered[..count];
            Order(candidates, scores, ordered);
            if (selection.Diversity > 0)
            {
                using var stage = ServingTelemetry.BeginStage("diversify");
                chosen = ranked.AsSpan(candidates.Length, count);
                MaximalMarginalRelevance.Choose(items.Index, ordered, selection.Diversity, chosen);
            }

            return new Recommendations(items.Items, chosen, isUnknownQuery);
        }
        finally
        {
            ArrayPool<RankedItem>.Shared.Return(ranked);
        }
    }

    private static Recommendations MostPopular(RecommenderSnapshot items, in Selection selection, ReadOnlySpan<int> excluded)
    {
        var results = ArrayPool<Candidate>.Shared.Rent(Math.Min(selection.K, items.Index.Count));
        try
        {
            var found = items.Popularity!.Search(items.Index.Ids, results.AsSpan(0, Math.Min(selection.K, items.Index.Count)), selection.Filter, excluded);
            return new Recommendations(items.Items, results.AsSpan(0, found), isUnknownQuery: true, isByPopularity: true);
        }
        finally
        {
            ArrayPool<Candidate>.Shared.Return(results);
        }
    }

    /// <summary>By falling score, equal scores by row.</summary>
    private static void Order(ReadOnlySpan<Candidate> candidates, ReadOnlySpan<float> scores, Span<RankedItem> ordered)
    {
        if (scores.IsEmpty)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                ordered[i] = RankedItem.Unranked(candidates[i]);
            }

            return;
        }

        var keys = ArrayPool<ulong>.Shared.Rent(candidates.Length);
        try
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                keys[i] = ~ScoreKey.Of(scores[i], candidates[i].Row);
                ordered[i] = new RankedItem(candidates[i].Row, scores[i], candidates[i].Score);
            }

            keys.AsSpan(0, candidates.Length).Sort(ordered);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(keys);
        }
    }
}

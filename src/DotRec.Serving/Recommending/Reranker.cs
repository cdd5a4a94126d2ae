using System.Buffers;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>From candidates to the answer: scored by the ranker if there is one, ordered, diversified if asked for, cut to k.</summary>
internal sealed class Reranker(IItemIndex index, ItemTable items, CandidateRanker? ranker)
{
    /// <summary>How many candidates a query needs.</summary>
    public int CandidatesFor(in Selection selection) =>
        Math.Min(index.Count, ranker is null && selection.Diversity == 0 ? selection.K : Math.Max(selection.K, selection.RankedCandidates));

    /// <summary>Answers one query of a call.</summary>
    public Recommendations Finish(ModelCall call, ReadOnlySpan<Candidate> candidates, in Selection selection, bool isUnknownQuery)
    {
        if (ranker is null)
        {
            return Choose(candidates, [], selection, isUnknownQuery);
        }

        var scores = ArrayPool<float>.Shared.Rent(candidates.Length);
        try
        {
            using (ServingTelemetry.BeginStage("rank"))
            {
                ranker.Score(call, 0, candidates, scores);
            }

            return Choose(candidates, scores.AsSpan(0, candidates.Length), selection, isUnknownQuery);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    /// <summary>The ranker's scores of the candidates of all queries of a call, shape [queries, width]; null without a ranker.</summary>
    public float[]? Score(ModelCall call, Candidate[] candidates, int[] counts, int width)
    {
        if (ranker is null)
        {
            return null;
        }

        using var stage = ServingTelemetry.BeginStage("rank");
        var scores = new float[candidates.Length];
        ranker.Score(call, candidates, counts, width, scores);
        return scores;
    }

    /// <summary>The best k of a query's candidates.</summary>
    /// <param name="candidates">As retrieved, best first.</param>
    /// <param name="scores">The ranker's; empty without one.</param>
    /// <param name="selection">What was asked for.</param>
    /// <param name="isUnknownQuery">Whether the query's id is unknown.</param>
    public Recommendations Choose(ReadOnlySpan<Candidate> candidates, ReadOnlySpan<float> scores, in Selection selection, bool isUnknownQuery)
    {
        if (scores.IsEmpty && selection.Diversity == 0)
        {
            return new Recommendations(items, candidates, isUnknownQuery, isByPopularity: false);
        }

        var count = Math.Min(selection.K, candidates.Length);
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
                MaximalMarginalRelevance.Choose(index, ordered, selection.Diversity, chosen);
            }

            return new Recommendations(items, chosen, isUnknownQuery);
        }
        finally
        {
            ArrayPool<RankedItem>.Shared.Return(ranked);
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

using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Computes the true scores of candidates and keeps the best. Reused from query to query.</summary>
internal sealed unsafe class Rescorer
{
    // Buffers that grew beyond this are dropped, so that one huge search does not hold memory for good.
    private const int MaxKeptCandidates = 1 << 16;

    // So few rows are scored exactly at once, rather than quickly first to find those that are worth it.
    private const int MaxFew = 32;

    private readonly TopSelector _selector = new(1);
    private readonly RowSet _seen = new();
    private readonly AllowedCandidates _allowed = new();
    private PinnedBuffer<int> _candidates;
    private PinnedBuffer<float> _scores;
    private PinnedBuffer<int> _ordered;

    /// <summary>False when the buffers have grown too large to be kept.</summary>
    public bool IsSmall => Math.Max(_scores.Length, _allowed.Capacity) <= MaxKeptCandidates;

    /// <summary>Scores a shortlist, and the added items that no scan can find yet.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="query">The query.</param>
    /// <param name="shortlist">Positions; those of spilled items may be given twice.</param>
    /// <param name="wanted">Whole rows to read where projected ones can choose.</param>
    /// <param name="filter">Items that may be returned, or null.</param>
    /// <param name="excluded">Positions to leave out, or null.</param>
    /// <param name="results">[k].</param>
    /// <returns>How many there are.</returns>
    public int Rescore(
        SearchSpace space, QueryVector query, Span<int> shortlist, int wanted, ItemFilter? filter, RowSet? excluded, Span<Candidate> results)
    {
        shortlist = Once(space, shortlist);
        var (inItems, changes) = (shortlist.Length, space.Changes);
        if (changes is not null)
        {
            _candidates.Reserve(shortlist.Length + changes.Added.Count - changes.CodedCount + 1);
            inItems = Divide(shortlist, changes.FirstAdded, _candidates.Pointer);
        }

        if (space.Items.Refining is { } refining)
        {
            shortlist = shortlist[..query.Refining.Choose(refining, changes?.Added.Refining, shortlist, ref inItems, wanted)];
        }

        if (changes is null)
        {
            return Finish(space, query, shortlist, inItems, results);
        }

        shortlist.CopyTo(_candidates.Span(shortlist.Length));
        var count = shortlist.Length;
        count += GatherAdded(changes, changes.CodedCount, filter, excluded, _candidates.Pointer + count);
        return Finish(space, query, _candidates.Span(count), inItems, results);
    }

    /// <summary>A score that k of the best entries of a list reach; negative infinity where there are fewer items.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="query">The query.</param>
    /// <param name="shortlist">The list.</param>
    /// <param name="count">How many of its entries to score.</param>
    /// <param name="k">k.</param>
    public float ScoreOf(SearchSpace space, QueryVector query, Shortlist shortlist, int count, int k)
    {
        _candidates.Reserve(2 * shortlist.Length);
        count = shortlist.CopyFrom(shortlist.ScoreOf(Math.Min(count, shortlist.Length)), _candidates.Pointer);
        count = Once(space, _candidates.Span(count)).Length;
        if (count < k)
        {
            return float.NegativeInfinity;
        }

        var inItems = count;
        if (space.Changes is { } changes)
        {
            inItems = Divide(_candidates.Span(count), changes.FirstAdded, _candidates.Pointer + count);
        }

        var candidates = _candidates.Span(count);
        _scores.Reserve(count);
        var scores = _scores.Span(count);
        ScoreQuickly(space, query, candidates, inItems, scores);
        _ordered.Reserve(count);
        RankSelection.Order(scores, _ordered.Span(count));
        return RankSelection.Value(RankSelection.Threshold(_ordered.Span(count), k));
    }

    /// <summary>Scores every item that a filter allows; null allows all.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="query">The query.</param>
    /// <param name="filter">Items that may be returned, or null.</param>
    /// <param name="mask">The same by entry.</param>
    /// <param name="excluded">Positions to leave out, or null.</param>
    /// <param name="results">[k].</param>
    /// <returns>How many there are.</returns>
    public int RescoreAllowed(SearchSpace space, QueryVector query, ItemFilter? filter, EntryMask mask, RowSet? excluded, Span<Candidate> results)
    {
        var candidates = _allowed.Find(space, query, filter, mask, excluded, results.Length);
        var inItems = candidates.Length;
        if (space.Changes is { } changes)
        {
            _candidates.Reserve(candidates.Length);
            inItems = Divide(candidates, changes.FirstAdded, _candidates.Pointer);
        }

        return Finish(space, query, candidates, inItems, results);
    }

    // Writes the numbers of the added items, from one on, that may be returned. Returns how many were written.
    private static int GatherAdded(LiveChanges changes, int first, ItemFilter? filter, RowSet? excluded, int* target)
    {
        var count = 0;
        for (var added = first; added < changes.Added.Count; added++)
        {
            if (changes.MayReturn(added, filter) && excluded?.Contains(changes.FirstAdded + added) != true)
            {
                target[count++] = added;
            }
        }

        return count;
    }

    /// <summary>Brings positions in the index to the front, and those of added items, counted from the first of them, behind them.</summary>
    /// <param name="positions">Positions.</param>
    /// <param name="firstAdded">The position of the first added item.</param>
    /// <param name="scratch">[positions], written.</param>
    /// <returns>How many are in front.</returns>
    public static int Divide(Span<int> positions, int firstAdded, int* scratch)
    {
        var (front, back) = (0, 0);
        foreach (var position in positions)
        {
            positions[front] = position;
            scratch[back] = position - firstAdded;
            front += position < firstAdded ? 1 : 0;
            back += position < firstAdded ? 0 : 1;
        }

        new Span<int>(scratch, back).CopyTo(positions[front..]);
        return front;
    }

    // Each item once: both copies of a spilled one may have been found.
    private Span<int> Once(SearchSpace space, Span<int> positions)
    {
        if (!space.Items.Codes.HasSpilled)
        {
            return positions;
        }

        if (space.Items.Refining is not null)
        {
            space.Check(positions);
            return positions[.._seen.Distinct(positions)];
        }

        positions = positions[..Distinct(positions)];
        space.CheckSorted(positions);
        return positions;
    }

    private static int Distinct(Span<int> positions)
    {
        positions.Sort();
        var count = 0;
        foreach (var position in positions)
        {
            if (count == 0 || positions[count - 1] != position)
            {
                positions[count++] = position;
            }
        }

        return count;
    }

    // The first inItems candidates are in the index; the others are added items, counted from the first of them.
    private int Finish(SearchSpace space, QueryVector query, Span<int> candidates, int inItems, Span<Candidate> results)
    {
        var k = Math.Min(results.Length, candidates.Length);
        if (k == 0)
        {
            return 0;
        }

        _scores.Reserve(candidates.Length);
        var (rows, function, firstAdded) = (space.Items.Rows, space.Items.ScoreFunction, space.Changes?.FirstAdded ?? 0);
        var scores = _scores.Span(candidates.Length);
        var few = rows.IsExact && candidates.Length <= MaxFew;
        if (!few)
        {
            ScoreQuickly(space, query, candidates, inItems, scores);
        }

        if (rows.IsExact)
        {
            if (!few && candidates.Length > k)
            {
                var min = MinScore(space, query, scores, k);
                var kept = Keep(candidates[..inItems], scores[..inItems], candidates, min);
                candidates = candidates[..(kept + Keep(candidates[inItems..], scores[inItems..], candidates[kept..], min))];
                inItems = kept;
                scores = scores[..candidates.Length];
            }

            rows.ScoreExactly(query.Own, candidates[..inItems], function, scores);
            if (inItems < candidates.Length)
            {
                space.Changes!.Added.Scored.ScoreExactly(query.Own, candidates[inItems..], function, scores[inItems..]);
            }
        }

        _selector.Restart(k);
        for (var i = 0; i < candidates.Length; i++)
        {
            _selector.Add(scores[i], space.RowAt(i < inItems ? candidates[i] : candidates[i] + firstAdded));
        }

        // Fewer than k where a damaged file holds rows that have no score.
        k = _selector.CopyBest(scores, candidates);
        for (var i = 0; i < k; i++)
        {
            results[i] = new Candidate(candidates[i], scores[i]);
        }

        return k;
    }

    /// <summary>Scores candidates: those in the index, and behind them added ones, counted from the first of them.</summary>
    public static void ScoreQuickly(SearchSpace space, QueryVector query, Span<int> candidates, int inItems, Span<float> scores)
    {
        space.Items.Rows.Score(query.Own, candidates[..inItems], space.Items.ScoreFunction, scores);
        if (inItems < candidates.Length)
        {
            space.Changes!.Added.Scored.Score(query.Own, candidates[inItems..], space.Items.ScoreFunction, scores[inItems..]);
        }
    }

    /// <summary>How far below a score a candidate's quick score may lie that is as good.</summary>
    public static float Margin(SearchSpace space, QueryVector query, float score)
    {
        var (rows, added) = (space.Items.Rows, space.Changes?.Added.Scored);
        return rows.IsExact ? rows.OrderMargin(query.Length, Math.Max(rows.MaxLength, added?.MaxLength ?? 0), score, space.Items.ScoreFunction) : 0;
    }

    // What a candidate's quick score must reach to be among the k best if quick scores are as far off as they can be.
    private float MinScore(SearchSpace space, QueryVector query, ReadOnlySpan<float> scores, int k)
    {
        _ordered.Reserve(scores.Length);
        var ordered = _ordered.Span(scores.Length);
        RankSelection.Order(scores, ordered);
        var worst = RankSelection.Value(RankSelection.Threshold(ordered, k));
        return worst - Margin(space, query, worst);
    }

    private static int Keep(ReadOnlySpan<int> candidates, ReadOnlySpan<float> scores, Span<int> kept, float min)
    {
        var count = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            kept[count] = candidates[i];

            // The other way round, a NaN out of a damaged file would leave fewer than k.
            count += scores[i] < min ? 0 : 1;
        }

        return count;
    }
}

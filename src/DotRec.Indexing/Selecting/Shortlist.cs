using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The R best of a stream of approximate scores, ties by position, whatever order they come in. What passes the threshold is only appended;
/// when twice R have come together, about the better half is kept and the threshold rises.
/// </summary>
internal sealed unsafe class Shortlist
{
    /// <summary>Most items of one <see cref="Add"/>.</summary>
    public const int MaxBatch = 16 * PackedLookup.BlockItems;

    /// <summary>Largest R.</summary>
    public static readonly int MaxCount = (Array.MaxLength / 8) - MaxBatch;

    // A short list is cut later: counting its values costs next to nothing, and each cut has a fixed cost.
    private const int MinLimit = 128;

    // Before the end a list may stay longer by such a part: a threshold is then found in fewer steps.
    private const int SlackShare = 8;

    // Scores as ordered integers.
    private PinnedBuffer<int> _scores;
    private PinnedBuffer<int> _positions;
    private int _count;
    private int _limit;
    private int _length;
    private float _floor;

    /// <summary>No score below this can be among the R best any more.</summary>
    public float Threshold { get; private set; }

    /// <summary>Forgets everything.</summary>
    /// <param name="count">R, at least 1.</param>
    /// <param name="floor">Only scores of at least so much matter.</param>
    public void Restart(int count, float floor = float.NegativeInfinity)
    {
        _count = count;
        _length = 0;
        _limit = Math.Max(2 * count, MinLimit);
        _scores.Reserve(_limit + MaxBatch + PackedLookupQuery.Slack);
        _positions.Reserve(_limit + MaxBatch + PackedLookupQuery.Slack);
        _floor = floor;
        Threshold = floor;
    }

    /// <summary>From now on only scores of at least so much matter.</summary>
    public void Raise(float floor)
    {
        _floor = Math.Max(_floor, floor);
        Threshold = Math.Max(Threshold, _floor);
    }

    /// <summary>Offers items found by a scan: score = bias + value · unit.</summary>
    /// <param name="lookup">Positions within the run, and values.</param>
    /// <param name="firstPosition">Position of the run's first item.</param>
    /// <param name="bias">Score of the partition's centroid.</param>
    /// <param name="unit">What a value of 1 is worth.</param>
    public void Add(PackedLookupQuery* lookup, int firstPosition, float bias, float unit)
    {
        Store(lookup, firstPosition, bias, unit);
        Grow(lookup->Found);
    }

    /// <summary>Offers items as <see cref="Add"/> does, of runs with positions of their own and for queries that exclude items.</summary>
    /// <param name="lookup">Entries within the run, and values.</param>
    /// <param name="firstPosition">Position of the run's first item.</param>
    /// <param name="entryPositions">The position of every entry of the run, or null.</param>
    /// <param name="excluded">Positions to leave out, or null.</param>
    /// <param name="bias">Score of the partition's centroid.</param>
    /// <param name="unit">What a value of 1 is worth.</param>
    /// <param name="inOrder">So many entries from the first on have positions that follow the first one even where others do not.</param>
    public void AddPicked(PackedLookupQuery* lookup, int firstPosition, int* entryPositions, RowSet? excluded, float bias, float unit, int inOrder = 0)
    {
        if (excluded is null && entryPositions != null)
        {
            AddAll(lookup, firstPosition, entryPositions, bias, unit, inOrder);
            return;
        }

        var (length, added) = (_length, 0);
        for (var i = 0; i < lookup->Found; i++)
        {
            var position = entryPositions == null ? firstPosition + lookup->Positions[i] : entryPositions[lookup->Positions[i]];
            if (excluded is null || !excluded.Contains(position))
            {
                _scores.Pointer[length + added] = RankSelection.Ordered(float.MultiplyAddEstimate(lookup->Values[i], unit, bias));
                _positions.Pointer[length + added++] = position;
            }
        }

        Grow(added);
    }

    // Nothing to leave out. Entries are found in ascending order, so that those whose positions have to be looked up come last.
    private void AddAll(PackedLookupQuery* lookup, int firstPosition, int* entryPositions, float bias, float unit, int inOrder)
    {
        var positions = _positions.Pointer + _length;
        Store(lookup, firstPosition, bias, unit);
        for (var i = lookup->Found - 1; i >= 0 && lookup->Positions[i] >= inOrder; i--)
        {
            positions[i] = entryPositions[lookup->Positions[i]];
        }

        Grow(lookup->Found);
    }

    /// <summary>How many are on the list: R, but for a moment more, or all that were offered.</summary>
    public int Length => _length;

    /// <summary>A score that so many reach and no more, unless they are equal; negative infinity where fewer were offered.</summary>
    public float ScoreOf(int rank) => rank > _length ? float.NegativeInfinity : RankSelection.Value(RankSelection.Threshold(_scores.Span(_length), rank));

    /// <summary>Copies the positions of entries that score at least so much.</summary>
    /// <param name="score">The score.</param>
    /// <param name="positions">[Length], written.</param>
    /// <returns>How many there are.</returns>
    public int CopyFrom(float score, int* positions)
    {
        var (ordered, count) = (RankSelection.Ordered(score), 0);
        for (var i = 0; i < _length; i++)
        {
            positions[count] = _positions.Pointer[i];
            count += _scores.Pointer[i] >= ordered ? 1 : 0;
        }

        return count;
    }

    /// <summary>The positions of the R best, but of those only that score at least so much.</summary>
    public Span<int> FinishFrom(float score)
    {
        Finish();
        _length = RankSelection.Keep(_scores.Pointer, _positions.Pointer, _length, RankSelection.Ordered(score));
        return _positions.Span(_length);
    }

    /// <summary>The positions of the R best, or of all where fewer were offered, in no particular order. Valid until the next call.</summary>
    public Span<int> Finish()
    {
        if (_length > _count)
        {
            Cut(0);
        }

        return _positions.Span(_length);
    }

    // What is written beyond the last item is written over by the next ones.
    private void Store(PackedLookupQuery* lookup, int firstPosition, float bias, float unit) =>
        PackedLookupScores.Score(lookup, firstPosition, bias, unit, _scores.Pointer + _length, _positions.Pointer + _length);

    private void Grow(int added)
    {
        _length += added;
        if (_length >= _limit)
        {
            Cut(_count / SlackShare);
        }
    }

    // To R, or up to so many more.
    private void Cut(int slack)
    {
        var threshold = RankSelection.Threshold(_scores.Span(_length), _count, slack);
        _length = RankSelection.Keep(_scores.Pointer, _positions.Pointer, _length, threshold);
        Threshold = Math.Max(RankSelection.Value(threshold), _floor);
        if (_length > _count + slack)
        {
            CutTies(threshold);
        }
    }

    // More than R reach the threshold, so some equal it: those at the lowest positions stay.
    private void CutTies(int threshold)
    {
        var scores = _scores.Span(_length);
        var positions = _positions.Span(_length);
        var better = 0;
        for (var i = 0; i < _length; i++)
        {
            if (scores[i] > threshold)
            {
                (positions[i], positions[better]) = (positions[better], positions[i]);
                (scores[i], scores[better]) = (scores[better], scores[i]);
                better++;
            }
        }

        positions[better..].Sort();
        _length = _count;
    }
}
